package carry

import (
	"go.opentelemetry.io/otel/sdk/trace" // want confined
	"go.opentelemetry.io/otel/trace"
)
