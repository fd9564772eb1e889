package campaign_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/talkgraph/talkgraph/internal/campaign"
	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// Campaigns that are drawn at random, strategies, limits, callees and all, make
// every call that the reference allows, as soon as it does, and no other.
func TestRules(t *testing.T) {
	fewer(t)
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		clock := &ruled{}
		place.Now = func() time.Time { return clock.now }
		kept := storetest.Open(t, place)
		campaigns, calls := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			*clock = ruled{t: rt, store: kept, now: time.Date(2026, 5, 1, 7, 0, 0, 0, shanghai)}
			var err error
			clock.campaigns, err = campaign.New(campaign.Options{Store: kept, Gateway: clock, Now: place.Now, Zone: shanghai, MaxDials: 1})
			if err != nil {
				rt.Fatal(err)
			}
			campaigns++
			instance := fmt.Sprint("instance-", campaigns)
			rt.Cleanup(func() { clock.must(kept.DeleteInstance(t.Context(), instance)) }) // So that it is not in the way of the next.
			clock.draw(t.Context(), instance)
			clock.run(t.Context())
			calls += len(clock.calls)
		})
		t.Logf("%d campaigns of %d calls", campaigns, calls)
	})
}

// fewer lets fewer campaigns be drawn than other things are, unless it was said
// how many: each takes a while.
func fewer(t *testing.T) {
	const checks, usual, few = "rapid.checks", "100", "5"
	if flag.Lookup(checks).Value.String() != usual {
		return
	}
	if err := flag.Set(checks, few); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(checks, usual) }) // It was so before.
}

// ruled is a campaign beside its reference.
type ruled struct {
	reference
	t         *rapid.T
	store     *store.Store
	campaigns *campaign.Campaigns
	now       time.Time
	chance    *mathrand.Rand // What callees do: calls are placed by goroutines that must not draw.
	events    []ruledEvent   // In the order of their time.
	instance  string
	placed    []*refCall // In this tick.
	refused   bool       // A call was, in this tick.
	wrong     string     // A call that should not have been placed.
}

type ruledEvent struct {
	at time.Time
	do func(ctx context.Context) error
}

func (r *ruled) in(d time.Duration, do func(ctx context.Context) error) {
	r.events = append(r.events, ruledEvent{r.now.Add(d), do})
	slices.SortStableFunc(r.events, func(a, b ruledEvent) int { return a.at.Compare(b.at) })
}

// HangUp implements campaign.Gateway.
func (r *ruled) HangUp(context.Context, string) error { return nil }

// Capacity implements campaign.Gateway.
func (r *ruled) Capacity(context.Context) (int, error) { return 1 << 20, nil }

// Dial implements campaign.Gateway: it holds the call against the reference, and
// decides what becomes of it.
func (r *ruled) Dial(_ context.Context, c campaign.Call) error {
	at := slices.IndexFunc(r.jobs, func(j *refJob) bool { return j.id == c.JobID })
	j := r.jobs[at]
	switch {
	case !r.allowed(j, r.now):
		r.wrong = fmt.Sprintf("%s may not be called now", j.number)
	case !slices.Contains(r.from(j, r.now), c.CallingNumber):
		r.wrong = fmt.Sprintf("%s may not be called from %s now", j.number, c.CallingNumber)
	case r.open() >= r.maxCalls:
		r.wrong = fmt.Sprintf("%s is called while %d calls are open", j.number, r.open())
	case c.CalledNumber != j.number:
		r.wrong = fmt.Sprintf("%s was called for %s", c.CalledNumber, j.number)
	}
	call := &refCall{job: j, from: c.CallingNumber, at: r.now}
	r.calls, r.placed = append(r.calls, call), append(r.placed, call)
	lasts := time.Duration(1+r.chance.IntN(60)) * time.Second // Longer it may not, without a turn.
	ends := []string{"answered", "NoAnswer", "NoAnswer", "Busy", "missing", "silent", "refused"}
	switch end := ends[r.chance.IntN(len(ends))]; end {
	case "refused":
		call.ended, call.end, r.refused = r.now, "Rejected", true
		return campaign.ErrRefused
	case "answered":
		id := "call-" + c.TaskID
		r.in(min(lasts, 20*time.Second)/2, func(ctx context.Context) error {
			_, err := r.store.TaskAnswered(ctx, r.instance, c.TaskID, id)
			return err
		})
		r.in(lasts, func(ctx context.Context) error {
			call.ended, call.end = r.now, end
			return r.store.FinishTask(ctx, store.Conversation{Instance: r.instance, Call: id, EndReason: "FINISHED"})
		})
	case "silent": // It is given up at the first tick after it might have rung, and half a minute.
		call.end = end
	default:
		reason := campaign.Reason(end)
		if end == "missing" {
			reason = campaign.NotExists
		}
		r.in(min(lasts, 40*time.Second), func(ctx context.Context) error {
			call.ended, call.end = r.now, end
			return r.campaigns.Failed(ctx, r.instance, c.TaskID, campaign.Failure{Reason: reason})
		})
	}
	return nil
}

// tick lets the campaigns do what is due, and the reference say whether that was
// all.
func (r *ruled) tick(ctx context.Context) {
	r.placed, r.refused = nil, false
	for _, c := range r.calls {
		const rings = 75 * time.Second
		if c.end == "silent" && c.ended.IsZero() && r.now.Sub(c.at) > rings {
			c.ended = r.now
		}
	}
	if _, err := r.campaigns.Tick(ctx); err != nil {
		r.t.Fatal(err)
	}
	if r.wrong != "" {
		r.t.Fatalf("%v: %s", r.now, r.wrong)
	}
	for _, j := range r.jobs {
		if r.blocked[j.number] && !j.group.paused && j.rule.open(r.now) && r.waits(j, r.now) {
			r.giveUp(ctx, j)
		}
	}
	if r.refused { // There is room again that there was not when it was decided.
		return
	}
	for _, j := range r.jobs {
		if r.shared(j) || !r.allowed(j, r.now) || len(r.from(j, r.now)) == 0 {
			continue // A shared number may wait a little longer than it must.
		}
		if r.open() < r.maxCalls {
			r.t.Fatalf("%v: %s may be called and is not", r.now, j.number)
		}
		for _, c := range r.placed {
			if c.job.group.priority < j.group.priority {
				r.t.Fatalf("%v: %s was called before %s, which is more urgent", r.now, c.job.number, j.number)
			}
		}
	}
}

// giveUp notes that a job was given up because its number was blocked when it
// was due, if it was.
func (r *ruled) giveUp(ctx context.Context, j *refJob) {
	kept, err := r.store.Job(ctx, r.instance, j.id)
	if err != nil {
		r.t.Fatal(err)
	}
	j.lost = kept.Status == store.JobFailed
}

// run lets time pass until nothing is left to do, and looks at how it ended.
func (r *ruled) run(ctx context.Context) {
	for {
		r.tick(ctx)
		due, err := r.store.NextDue(ctx)
		if err != nil {
			r.t.Fatal(err)
		}
		next := time.UnixMilli(due + 1)
		if wait := r.now.Add(time.Minute); next.Before(wait) {
			next = wait
		}
		switch {
		case len(r.events) > 0 && (due == 0 || r.events[0].at.Before(next)):
			next = r.events[0].at
		case due == 0:
			r.checkEnds(ctx)
			return
		}
		r.now = next.In(shanghai)
		for len(r.events) > 0 && !r.events[0].at.After(r.now) {
			e := r.events[0]
			r.events = r.events[1:]
			if err := e.do(ctx); err != nil {
				r.t.Fatal(err)
			}
		}
	}
}

// checkEnds holds what became of each job against its last call.
func (r *ruled) checkEnds(ctx context.Context) {
	for _, j := range r.jobs {
		kept, err := r.store.Job(ctx, r.instance, j.id)
		if err != nil {
			r.t.Fatal(err)
		}
		calls, answered := 0, false
		for _, c := range r.calls {
			if c.job == j {
				calls++
				answered = answered || c.end == "answered"
			}
		}
		want := store.JobFailed
		if answered {
			want = store.JobSucceeded
		}
		if kept.Status != want || len(kept.Tasks) != calls || want == store.JobFailed && kept.FailureReason == "" {
			r.t.Fatalf("%s ended %s %q after %d tasks; it was called %d times", j.number, kept.Status, kept.FailureReason, len(kept.Tasks), calls)
		}
	}
}

// draw makes an instance, its groups and jobs, and what befalls them.
func (r *ruled) draw(ctx context.Context, instance string) {
	r.chance = mathrand.New(mathrand.NewPCG(rapid.Uint64().Draw(r.t, "callees"), 0))
	r.instance, r.maxCalls = instance, r.number(1, 3, "maxCalls")
	r.rates, r.blocked, r.period = map[string]int{}, map[string]bool{}, time.Duration(r.number(1, 4, "period"))*time.Minute
	_, err := r.store.CreateInstance(ctx, store.Instance{ID: instance, Name: instance, MaxCalls: r.maxCalls})
	r.must(err)
	numbers := []string{"95187", "95188"}[:r.number(1, 2, "numbers")]
	for _, n := range numbers {
		r.rates[n] = r.number(2, 6, "rate")
		_, err := r.store.CreateOutboundNumber(ctx, store.OutboundNumber{
			InstanceID: instance, Number: n, RateLimitCount: r.rates[n], RateLimitPeriod: int(r.period / time.Second),
		})
		r.must(err)
	}
	script := store.Script{ID: instance, InstanceID: instance, Name: "回访", Status: "PUBLISHED", AppliedVersion: 1}
	r.must(r.store.CreateScript(ctx, &store.Draft{Script: script}))
	for i := range 2 {
		r.drawGroup(ctx, i, numbers)
	}
	r.in(time.Duration(r.number(1, 20, "block"))*time.Hour, func(ctx context.Context) error {
		called := r.jobs[0].number
		r.blocked[called] = true
		_, err := r.store.BlockNumbers(ctx, r.instance, []store.BlockedNumber{{Number: called}})
		return err
	})
}

func (r *ruled) drawGroup(ctx context.Context, i int, numbers []string) {
	g := &refGroup{priority: r.number(i, i+1, "priority"), rule: r.drawRule()}
	made, err := r.campaigns.CreateGroup(ctx, r.instance, campaign.GroupDraft{
		Name: fmt.Sprint("group ", i), ScriptID: r.instance, Priority: g.priority, Strategy: g.rule.strategy(),
	}, true)
	r.must(err)
	g.id = made.ID
	for range r.number(1, 2, "assignments") {
		rule, own := g.rule, ""
		if r.number(0, 2, "own") == 0 {
			rule = r.drawRule()
			own = rule.strategy()
		}
		jobs := make([]store.Job, r.number(2, 5, "jobs"))
		for n := range jobs {
			jobs[n] = store.Job{Extras: "[]", Contacts: []store.Contact{{
				PhoneNumber: fmt.Sprintf("138%02d", r.number(0, 30, "called")), State: store.Available,
			}}}
		}
		from := numbers[r.number(0, len(numbers)-1, "from"):]
		ids, err := r.campaigns.Assign(ctx, r.instance, campaign.Assignment{Group: g.id, Jobs: jobs, Strategy: own, CallingNumbers: from})
		r.must(err)
		for n, id := range ids {
			r.jobs = append(r.jobs, &refJob{
				id: id, group: g, rule: rule, number: jobs[n].Contacts[0].PhoneNumber, from: from, assigned: r.now,
			})
		}
	}
	for _, h := range g.rule.hours { // It is looked at in the very second that it closes.
		closes, err := time.ParseInLocation("2006-01-02 15:04:05", r.now.Format(time.DateOnly)+" "+h[1], shanghai)
		r.must(err)
		r.in(closes.Sub(r.now), func(context.Context) error { return nil })
	}
	suspended := time.Duration(r.number(1, 40, "suspend")) * time.Hour
	r.in(suspended, func(ctx context.Context) error {
		g.paused = true
		return r.campaigns.Suspend(ctx, r.instance, store.JobChoice{Group: g.id})
	})
	r.in(suspended+time.Duration(r.number(1, 100, "resume"))*time.Minute, func(ctx context.Context) error {
		g.paused = false
		return r.campaigns.Resume(ctx, r.instance, store.JobChoice{Group: g.id})
	})
}

func (r *ruled) number(low, high int, name string) int {
	return rapid.IntRange(low, high).Draw(r.t, name)
}

func (r *ruled) must(err error) {
	if err != nil {
		r.t.Fatal(err)
	}
}

// drawRule draws a strategy.
func (r *ruled) drawRule() refRule {
	rule := refRule{
		week: rapid.Bool().Draw(r.t, "week"), goesOn: rapid.Bool().Draw(r.t, "goesOn"),
		attempts: r.number(1, 3, "attempts"), interval: time.Duration(rapid.SampledFrom([]int{0, 1, 10, 90}).Draw(r.t, "interval")) * time.Minute,
	}
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, shanghai)
	if r.number(0, 3, "starts") == 0 {
		rule.start = day.Add(time.Duration(r.number(28, 60, "start")) * 15 * time.Minute)
	}
	if r.number(0, 1, "ends") == 0 {
		rule.end = day.Add(time.Duration(r.number(61, 300, "end")) * 15 * time.Minute)
	}
	windows := rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(r.t, "windows")
	for from := 28; from < 80 && len(rule.hours) < windows; {
		begin := r.number(from, 86, "begin")
		from = r.number(begin+1, 95, "to")
		clock := func(quarters int) string { return fmt.Sprintf("%02d:%02d:00", quarters/4, quarters%4*15) }
		rule.hours = append(rule.hours, [2]string{clock(begin), clock(from)})
	}
	if rule.week && r.number(0, 1, "days") == 0 {
		rule.days = rapid.SliceOfNDistinct(rapid.IntRange(1, 7), 1, 3, rapid.ID[int]).Draw(r.t, "weekdays")
	}
	return rule
}

// strategy writes a rule as clients do.
func (r *refRule) strategy() string {
	type window struct {
		BeginTime string `json:"beginTime"`
		EndTime   string `json:"endTime"`
	}
	out := map[string]any{
		"maxAttemptsPerDay": r.attempts, "minAttemptInterval": int(r.interval / time.Minute), "repeatBy": "Day", "followUpStrategy": "NONE",
	}
	if r.week {
		out["repeatBy"] = "Week"
	}
	if r.goesOn {
		out["followUpStrategy"] = "CONTINUE"
	}
	if !r.start.IsZero() {
		out["startTime"] = r.start.UnixMilli()
	}
	if !r.end.IsZero() {
		out["endTime"] = r.end.UnixMilli()
	}
	if len(r.days) > 0 {
		out["repeatDays"] = r.days
	}
	windows := []window{}
	for _, h := range r.hours {
		windows = append(windows, window{h[0], h[1]})
	}
	out["workingTime"] = windows
	text, err := json.Marshal(out)
	if err != nil {
		panic(err) // There is nothing in it that cannot be written.
	}
	return string(text)
}
