package virtualcard

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"sync"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/chip"
)

// KeyPool is a KeySource that makes RSA-2048 keys ahead of need, because one takes
// a tenth of a second and more (BenchmarkKeyAtOnce). One goroutine fills the pool.
type KeyPool struct {
	ready chan *rsa.PrivateKey
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
}

// NewKeyPool starts to fill a pool of size keys, or of none if size is not
// positive. Close it.
func NewKeyPool(size int) *KeyPool {
	p := &KeyPool{
		ready: make(chan *rsa.PrivateKey, max(size, 0)),
		stop:  make(chan struct{}), done: make(chan struct{}),
	}
	if size <= 0 {
		close(p.done)
		return p
	}
	go p.fill()
	return p
}

func (p *KeyPool) fill() {
	defer close(p.done)
	for {
		select {
		case <-p.stop:
			return
		default:
		}
		key, err := rsa.GenerateKey(rand.Reader, chip.KeyBits)
		if err != nil {
			return // Key makes keys without the pool, and meets the error itself
		}
		select {
		case p.ready <- key:
		case <-p.stop:
			return
		}
	}
}

// Key returns a key and never the same one twice: one from the pool, or one made
// at once if the pool is empty. It works after Close, too.
func (p *KeyPool) Key(ctx context.Context, _ CardID, _ jpki.Kind) (*rsa.PrivateKey, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case key := <-p.ready:
		return key, nil
	default:
		return rsa.GenerateKey(rand.Reader, chip.KeyBits)
	}
}

// Ready returns how many keys are in the pool.
func (p *KeyPool) Ready() int { return len(p.ready) }

// Close stops filling the pool and returns once the goroutine has ended. A second
// Close does nothing.
func (p *KeyPool) Close() error {
	p.once.Do(func() { close(p.stop) })
	<-p.done
	return nil
}
