package campaign_test

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// world is everything outside of the campaigns: a clock that jumps from event
// to event, and callees who answer, do not, or cannot.
type world struct {
	t         testing.TB
	mu        sync.Mutex
	now       time.Time
	events    events
	rings     []ring
	open      int // Calls that ring or talk.
	maxOpen   int
	dialled   map[string]int // Dials by task.
	chance    *rand.Rand
	store     *store.Store
	campaigns *campaign.Campaigns
	capacity  int
	second    *campaign.Campaigns        // Of another server; nil: there is none.
	fault     func() (rings, fails bool) // What goes wrong with a dial; nil: nothing.
}

// ring is one call that was made.
type ring struct {
	at           time.Time
	from, called string
	task, job    string
	group        string
	ended        time.Time // When it no longer rang, or nobody talked any more.
}

type event struct {
	at time.Time
	do func(ctx context.Context) error
}

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at.Before(e[j].at) }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// newWorld begins on a Friday morning before work.
func newWorld(t testing.TB, place store.Options) *world {
	w := &world{
		t: t, now: time.Date(2026, 5, 1, 7, 0, 0, 0, shanghai), chance: rand.New(rand.NewPCG(1, 2)),
		dialled: map[string]int{}, capacity: 1 << 20,
	}
	place.Now = w.clock
	w.store = storetest.Open(t, place)
	w.restart()
	return w
}

// restart makes the campaigns anew, as another process would.
func (w *world) restart() {
	var err error
	w.campaigns, err = campaign.New(campaign.Options{Store: w.store, Gateway: w, Now: w.clock, Zone: shanghai, MaxDials: 1})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) in(d time.Duration, do func(ctx context.Context) error) {
	heap.Push(&w.events, event{w.now.Add(d), do})
}

func (w *world) HangUp(context.Context, string) error { return nil }

func (w *world) Capacity(context.Context) (int, error) { return w.capacity, nil }

// Dial rings somebody. What the number ends in says who it is.
func (w *world) Dial(_ context.Context, c campaign.Call) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	rings, fails := true, false
	if w.fault != nil {
		rings, fails = w.fault()
	}
	if rings {
		w.ring(c)
	}
	if fails {
		return errors.New("the line is dead")
	}
	return nil
}

func (w *world) ring(c campaign.Call) {
	if w.dialled[c.TaskID]++; w.dialled[c.TaskID] > 1 {
		return
	}
	w.open++
	w.maxOpen = max(w.maxOpen, w.open)
	w.rings = append(w.rings, ring{at: w.now, from: c.CallingNumber, called: c.CalledNumber, task: c.TaskID, job: c.JobID, group: c.JobGroupID})
	at := len(w.rings) - 1
	fail := func(after time.Duration, reason campaign.Reason) {
		w.in(after, func(ctx context.Context) error {
			w.open--
			w.rings[at].ended = w.now
			return w.campaigns.Failed(ctx, c.InstanceID, c.TaskID, campaign.Failure{Reason: reason})
		})
	}
	switch n := w.chance.IntN(10); {
	case c.CalledNumber[len(c.CalledNumber)-1] == '9':
		fail(time.Second, campaign.NotExists)
	case n < 3:
		fail(30*time.Second, campaign.NoAnswer)
	case n < 4:
		fail(3*time.Second, campaign.Busy)
	case n < 5: // Nothing is ever heard of this call.
		w.in(30*time.Second, func(context.Context) error {
			w.open--
			w.rings[at].ended = w.now
			return nil
		})
	default:
		call := "call-" + c.TaskID
		w.in(8*time.Second, func(ctx context.Context) error {
			_, err := w.store.TaskAnswered(ctx, c.InstanceID, c.TaskID, call)
			return err
		})
		w.in(time.Minute, func(ctx context.Context) error {
			w.open--
			w.rings[at].ended = w.now
			return w.store.FinishTask(ctx, store.Conversation{
				Instance: c.InstanceID, Call: call, EndReason: "FINISHED", Tags: []session.Tag{{Group: "意向", Name: "高"}},
			})
		})
	}
}

// tickAll has all servers dispatch, at once.
func (w *world) tickAll() {
	w.t.Helper()
	var g errgroup.Group
	for _, c := range []*campaign.Campaigns{w.campaigns, w.second} {
		if c != nil {
			g.Go(func() error { _, err := c.Tick(w.t.Context()); return err })
		}
	}
	if err := g.Wait(); err != nil {
		w.t.Fatal(err)
	}
}

// run lets time pass until nothing is left to do, or the time given.
func (w *world) run(until time.Time) {
	ctx := w.t.Context()
	for w.now.Before(until) {
		w.tickAll()
		next := until
		if len(w.events) > 0 {
			next = earlier(next, w.events[0].at)
		}
		due, err := w.store.NextDue(ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		if due > 0 { // Something that is due already waits for a limit.
			next = earlier(next, later(time.UnixMilli(due+1), w.now.Add(time.Second)))
		}
		if due == 0 && len(w.events) == 0 {
			return
		}
		w.mu.Lock()
		w.now = next.In(shanghai)
		w.mu.Unlock()
		for len(w.events) > 0 && !w.events[0].at.After(w.now) {
			e := heap.Pop(&w.events).(event)
			if err := e.do(ctx); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// The strategy of the tests, as clients send it, and what it says in words that
// the rules below are written in.
const (
	strategy = `{"maxAttemptsPerDay":2,"minAttemptInterval":60,"repeatBy":"Day","followUpStrategy":"CONTINUE","endTime":1777996800000,
		"workingTime":[{"beginTime":"09:00:00","endTime":"12:00:00"},{"beginTime":"14:00:00","endTime":"20:30:00"}]}`
	attemptsADay = 2
	interval     = time.Hour
	maxCalls     = 50
	rate         = 30 // Calls of a number in a minute.
	deadline     = 1777996800000
)

// begin makes an instance with two numbers, and a group of jobs for today.
func (w *world) begin(jobs int) *store.JobGroup {
	w.t.Helper()
	w.seed()
	return w.group(jobs)
}

// group makes a group of jobs for today.
func (w *world) group(jobs int) *store.JobGroup {
	w.t.Helper()
	ctx := w.t.Context()
	g := &store.JobGroup{InstanceID: "inst", ScriptID: "script", Name: "五月回访", Status: store.GroupScheduling, Strategy: strategy}
	if err := w.store.AddJobGroup(ctx, g); err != nil {
		w.t.Fatal(err)
	}
	list := make([]store.Job, jobs)
	for i := range list {
		list[i] = store.Job{
			Status: store.JobScheduling, Extras: "[]", NextAt: w.now.UnixMilli(), Deadline: deadline,
			Contacts: []store.Contact{{PhoneNumber: fmt.Sprintf("138%08d", i), State: store.Available}},
		}
	}
	if err := w.store.AddJobs(ctx, "inst", g.ID, "", list); err != nil {
		w.t.Fatal(err)
	}
	return g
}

// check holds every call that was made against the rules, and every job against
// what became of its calls, the slow and obvious way.
func (w *world) check(g *store.JobGroup) {
	w.t.Helper()
	byCalled, byNumber := map[string][]ring{}, map[string][]ring{}
	for _, r := range w.rings {
		if clock := r.at.In(shanghai).Format("15:04:05"); !("09:00:00" <= clock && clock < "12:00:00" || "14:00:00" <= clock && clock < "20:30:00") {
			w.t.Errorf("%s was called at %s", r.called, clock)
		}
		byCalled[r.called] = append(byCalled[r.called], r)
		byNumber[r.from] = append(byNumber[r.from], r)
	}
	for number, rings := range byNumber {
		for i := rate; i < len(rings); i++ {
			if span := rings[i].at.Sub(rings[i-rate].at); span < time.Minute {
				w.t.Errorf("%s made %d calls in %v", number, rate+1, span)
			}
		}
	}
	for called, rings := range byCalled {
		days := map[string]int{}
		for i, r := range rings {
			day := r.at.In(shanghai).Format(time.DateOnly)
			if days[day]++; days[day] > attemptsADay {
				w.t.Errorf("%s was called more than %d times on %s", called, attemptsADay, day)
			}
			if i > 0 && r.at.Sub(rings[i-1].at) < interval {
				w.t.Errorf("%s was called again after %v", called, r.at.Sub(rings[i-1].at))
			}
			if r.from != rings[0].from {
				w.t.Errorf("%s was called from %s, then from %s", called, rings[0].from, r.from)
			}
		}
		if strings.HasSuffix(called, "9") && len(rings) > 1 {
			w.t.Errorf("%s does not exist and was called %d times", called, len(rings))
		}
	}
	w.checkJobs(g, byCalled)
}

func (w *world) checkJobs(g *store.JobGroup, byCalled map[string][]ring) {
	w.t.Helper()
	filter := store.JobFilter{Group: g.ID}
	for page := 1; ; page++ {
		jobs, total, err := w.store.Jobs(w.t.Context(), "inst", filter, store.Page{Number: page, Size: 500})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, j := range jobs {
			called := j.Contacts[0].PhoneNumber
			if len(j.Tasks) != len(byCalled[called]) {
				w.t.Errorf("%s rang %d times for %d tasks", called, len(byCalled[called]), len(j.Tasks))
			}
			last := j.Tasks[len(j.Tasks)-1]
			ok := j.Status == store.JobSucceeded && last.EndReason == "FINISHED" ||
				j.Status == store.JobFailed && j.FailureReason != "" && last.FailureReason == j.FailureReason
			if !ok || j.EndedAt == 0 {
				w.t.Errorf("%s ended %s %q, its last call %s %q", called, j.Status, j.FailureReason, last.Status, last.FailureReason)
			}
		}
		if page*500 >= total {
			return
		}
	}
}

func TestCampaign(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		w := newWorld(t, place)
		g := w.begin(120)
		w.run(w.now.AddDate(0, 0, 6))
		w.check(g)
		if w.maxOpen > maxCalls {
			t.Errorf("%d calls at once", w.maxOpen)
		}
		g, err := w.store.JobGroup(t.Context(), "inst", g.ID)
		if err != nil || g.Status != store.GroupCompleted {
			t.Errorf("the group ended %s: %v", g.Status, err)
		}
		t.Logf("%d calls, at most %d at once, until %v", len(w.rings), w.maxOpen, w.now)
	})
}

// seed makes an instance with two numbers and a published script.
func (w *world) seed() {
	w.t.Helper()
	ctx := w.t.Context()
	_, err := w.store.CreateInstance(ctx, store.Instance{ID: "inst", Name: "回访", MaxCalls: maxCalls})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, n := range []string{"95187", "95188"} {
		_, err := w.store.CreateOutboundNumber(ctx, store.OutboundNumber{InstanceID: "inst", Number: n, RateLimitCount: rate, RateLimitPeriod: 60})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	d := &store.Draft{Script: store.Script{ID: "script", InstanceID: "inst", Name: "回访", Status: "PUBLISHED", AppliedVersion: 1}}
	if err := w.store.CreateScript(ctx, d); err != nil {
		w.t.Fatal(err)
	}
}
