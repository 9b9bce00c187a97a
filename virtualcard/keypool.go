package virtualcard

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"runtime"
	"sync"

	"example.jp/jpkimock/authority/jpki"
)

// KeyPool is a KeySource that makes RSA-2048 keys ahead of need, because one
// takes a tenth of a second and more, and nobody at a counter should wait for
// it. One goroutine fills the pool, at the lowest priority where the system has
// one for a thread.
type KeyPool struct {
	ready chan *rsa.PrivateKey
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
}

// NewKeyPool starts filling a pool of size keys; of none, if size is not
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
	runtime.LockOSThread() // never unlocked: the thread with its priority ends here
	lowerPriority()
	for {
		select {
		case <-p.stop:
			return
		default:
		}
		key, err := rsa.GenerateKey(rand.Reader, keyBits)
		if err != nil {
			return // Key goes on without the pool, and meets the error itself
		}
		select {
		case p.ready <- key:
		case <-p.stop:
			return
		}
	}
}

// Key gives a key that nobody else gets: one of the pool, or, if there is none
// left, one made at once. After Close it still gives keys.
func (p *KeyPool) Key(ctx context.Context, _ CardID, _ jpki.Kind) (*rsa.PrivateKey, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case key := <-p.ready:
		return key, nil
	default:
		return rsa.GenerateKey(rand.Reader, keyBits)
	}
}

// Ready gives how many keys wait in the pool.
func (p *KeyPool) Ready() int { return len(p.ready) }

// Close stops filling, and returns when the key being made is done with. A
// second Close does nothing.
func (p *KeyPool) Close() error {
	p.once.Do(func() { close(p.stop) })
	<-p.done
	return nil
}
