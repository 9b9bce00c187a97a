package authority

import (
	"database/sql"                     // want domain
	"example.jp/jpkimock/authority/db" // want import
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/authority/web"             // want import
	"example.jp/jpkimock/internal/simclock"         // want import
	"example.jp/jpkimock/rp"                        // want import
	"example.jp/jpkimock/virtualcard"               // want import
	"github.com/smallstep/certificates/cas/softcas" // want confined
	"go.step.sm/crypto/x509util"                    // want confined
	"net/http"                                      // want domain
	"time"
)

func stamp() time.Time { return time.Now() } // want clock

var now = time.Now // want clock

func age(t time.Time) time.Duration { return time.Since(t) + time.Until(t) } // want clock clock

func init() {} // want init
