package dbopen

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/internal/simclock"
)

// Bounds of a probe: how long its result is given again, how long it may take, and
// up to which size a database is read whole.
const (
	probeEvery = time.Second
	probeTime  = 2 * time.Second
	probeWhole = 4 << 20 // octets
)

// probe is the last probe of a database. One runs at a time; who asks meanwhile
// waits for it.
type probe struct {
	mu  sync.Mutex
	age func() time.Duration // since the last one; nil before the first
	err error
}

// probeRow is the row that probes write.
type probeRow struct {
	ID int64 `gorm:"primaryKey;autoIncrement:false"`
	N  int64
}

func (probeRow) TableName() string { return "probes" }

// Ping reports whether the database takes a write and is sound: nil only if a write
// was committed and could be read. A small SQLite database is checked whole. A result
// is given again for a second, so that asking costs one write a second at most.
func (d *DB) Ping() error {
	d.probe.mu.Lock()
	defer d.probe.mu.Unlock()
	if d.probe.age != nil && d.probe.age() < probeEvery {
		return d.probe.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	d.probe.err = d.try(ctx)
	d.probe.age = simclock.Stopwatch()
	return d.probe.err
}

func (d *DB) try(ctx context.Context) error {
	count := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.Assignments(map[string]any{"n": gorm.Expr("probes.n + 1")})}
	if err := d.Write.WithContext(ctx).Clauses(count).Create(&probeRow{ID: 1, N: 1}).Error; err != nil {
		return fmt.Errorf("dbopen: the database takes no write: %w", err)
	}
	if err := d.Read.WithContext(ctx).Take(&probeRow{}, 1).Error; err != nil {
		return fmt.Errorf("dbopen: the database cannot be read: %w", err)
	}
	if d.address == "" {
		return nil
	}
	var size int64
	err := d.Read.WithContext(ctx).Raw("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&size).Error
	if err != nil || size > probeWhole {
		return err
	}
	return check(d.Read.WithContext(ctx))
}

// check reads a SQLite database whole, and returns the first thing wrong with it.
func check(read *gorm.DB) error {
	var said string
	if err := read.Raw("PRAGMA quick_check(1)").Scan(&said).Error; err != nil {
		return fmt.Errorf("dbopen: the database is damaged: %w", err)
	}
	if said != "ok" {
		return errors.New("dbopen: the database is damaged: " + said)
	}
	return nil
}
