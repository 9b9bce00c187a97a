package ecosystem

import (
	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/rp/bank/web"
	"example.jp/jpkimock/virtualcard/agent"
	"github.com/labstack/echo/v4"        // want confined
	"github.com/mxschmitt/playwright-go" // want confined
	"github.com/outsider/anything"       // want stranger
	"gorm.io/gorm"                       // want confined
	"time"
)

var started = time.Now() // want clock
