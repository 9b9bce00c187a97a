package ui_test

import "time"

var at = time.Date(2026, 4, 1, 0, 30, 0, 0, time.UTC)
