package authority

import (
	wall "time"
)

func renamed() wall.Time { return wall.Now() } // want clock
