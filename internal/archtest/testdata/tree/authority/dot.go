package authority

import (
	. "time" // want dot import
)
