package db

import "gorm.io/gorm"

// Raw is the database of the records, for who tampers with it.
func (s *Prescriptions) Raw() *gorm.DB { return s.DB.Write }
