package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// What TestSoak does. `make soak` has it last for minutes, at the speed of life.
var (
	soakFor    = flag.Duration("soak", 0, "how long TestSoak holds its calls; 0: until each had some turns")
	soakCalls  = flag.Int("soak-calls", 20, "how many calls TestSoak holds at once")
	soakFaster = flag.Float64("soak-faster", 30, "how many times as fast as in life calls go in TestSoak")
)

// talkers answer at once and talk for twenty turns or so.
const talkers = `{"notExists":0,"busy":0,"noAnswer":0,"rejected":0,"poweredOff":0,"outOfService":0,"ringSeconds":[1,3],"thinkSeconds":[0.5,2],
	"silence":0.05,"hangUp":0.05,"say":[{"texts":["好的","可以","行","你是谁","你是哪位","没头没脑"]}]}`

// Calls of a campaign are held for a while, as many as there may be: none is
// dropped, and a long run takes no more memory at its end than at its start.
func TestSoak(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		op := newOperation(t, place, operationOptions{servers: 1, faster: *soakFaster, script: endless, profile: talkers})
		const each, some = 10 * time.Second, 15 // A call lasts longer; and how many turns it has in a short run.
		jobs := 2 * *soakCalls * (1 + int(soakFor.Seconds()**soakFaster/each.Seconds()))
		op.begin(jobs, *soakCalls, jobs, 1, fmt.Sprintf(`{"endTime":%d}`, opening.Add(24*time.Hour).UnixMilli()))
		op.await(op.told.Load() + 5*int64(*soakCalls)) // All ring and most talk.

		server, exchange := "http://"+op.addresses[0]+"/metrics", op.exchange.url+"/metrics"
		first, before := scrape(t, server), scrape(t, exchange)
		begun := time.Now()
		if *soakFor > 0 {
			<-time.After(*soakFor)
		} else {
			op.await(op.told.Load() + some*int64(*soakCalls))
		}
		held := time.Since(begun).Round(time.Second)
		last, after := scrape(t, server), scrape(t, exchange)
		const turns, open, dropped = "talkgraph_simulator_turns_total", "talkgraph_simulator_calls_open", `talkgraph_simulator_calls_ended_total{end="ServerRefused"}`
		if after[turns] == before[turns] || after[dropped] > 0 || after[open] == 0 {
			t.Errorf("%v turns, %v calls dropped, %v open", after[turns]-before[turns], after[dropped], after[open])
		}
		const rss, mega = "process_resident_memory_bytes", 1 << 20
		p99 := quantile(before, after, "talkgraph_simulator_turn_duration_seconds", 0.99) / *soakFaster
		t.Logf("%v calls for %v at %v times the speed of life: %v turns, p99 below %.1f ms, %v dropped; memory %.0f MB, at the end %.0f MB",
			*soakCalls, held, *soakFaster, after[turns]-before[turns], p99*1000, after[dropped], first[rss]/mega, last[rss]/mega)
		if long := *soakFor >= time.Minute; long && last[rss] > 1.25*first[rss] {
			t.Error("the memory grows")
		}
		op.exchange.ends()
		op.stop()
	})
}

// scrape reads the metrics at a URL: the value of every series, by its name and
// labels.
func scrape(t *testing.T, url string) map[string]float64 {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	series := make(map[string]float64)
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		at := strings.LastIndexByte(lines.Text(), ' ')
		if strings.HasPrefix(lines.Text(), "#") || at < 0 {
			continue
		}
		value, err := strconv.ParseFloat(lines.Text()[at+1:], 64)
		if err != nil {
			t.Fatal(err)
		}
		series[lines.Text()[:at]] = value
	}
	return series
}

// quantile returns a bound that a share of what a histogram saw between two
// scrapes lies below.
func quantile(before, after map[string]float64, name string, share float64) float64 {
	type bucket struct{ bound, count float64 }
	var buckets []bucket
	for series, count := range after {
		text, ok := strings.CutPrefix(series, name+`_bucket{le="`)
		bound, err := strconv.ParseFloat(strings.TrimSuffix(text, `"}`), 64)
		if ok && err == nil {
			buckets = append(buckets, bucket{bound, count - before[series]})
		}
	}
	slices.SortFunc(buckets, func(a, b bucket) int { return cmp.Compare(a.bound, b.bound) })
	all := after[name+"_count"] - before[name+"_count"]
	for _, b := range buckets {
		if b.count >= share*all {
			return b.bound
		}
	}
	return math.Inf(1)
}
