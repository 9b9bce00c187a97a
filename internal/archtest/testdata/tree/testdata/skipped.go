package skipped

import "gorm.io/gorm"
