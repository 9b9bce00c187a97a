package ca

import (
	"github.com/smallstep/certificates/cas/softcas"
	"go.step.sm/crypto/x509util"
	"golang.org/x/crypto/cryptobyte"
)
