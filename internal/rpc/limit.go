package rpc

import (
	"maps"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// limits bounds how many requests each key may send in a second. There are as
// many limiters as keys that proved right, so strangers cannot add any.
type limits struct {
	rate     rate.Limit // 0: no bound.
	mu       sync.Mutex // Of writers, who copy the map.
	limiters atomic.Pointer[map[string]*rate.Limiter]
}

func newLimits(perSecond float64) *limits {
	l := &limits{rate: rate.Limit(perSecond)}
	l.limiters.Store(&map[string]*rate.Limiter{})
	return l
}

// take takes one request of the key. It returns how long the key must wait when
// it has sent too many.
func (l *limits) take(keyID string, now time.Time) time.Duration {
	if l.rate <= 0 {
		return 0
	}
	limiter := (*l.limiters.Load())[keyID]
	if limiter == nil {
		limiter = l.add(keyID)
	}
	reservation := limiter.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// add makes the limiter of a key, which may send the requests of one second at
// once.
func (l *limits) add(keyID string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiters := maps.Clone(*l.limiters.Load())
	if limiters[keyID] == nil {
		limiters[keyID] = rate.NewLimiter(l.rate, max(1, int(math.Ceil(float64(l.rate)))))
		l.limiters.Store(&limiters)
	}
	return limiters[keyID]
}
