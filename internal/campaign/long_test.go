package campaign_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// contactsVariable is how many contacts the long campaign has, for `make soak`.
const contactsVariable = "TALKGRAPH_CAMPAIGN_CONTACTS"

// rule is a strategy in the words that its calls are held against.
type rule struct {
	strategy string
	hours    [][2]string
	attempts int // A day.
	interval time.Duration
}

var (
	allDay = rule{
		strategy: `{"maxAttemptsPerDay":2,"minAttemptInterval":60,"repeatBy":"Day","followUpStrategy":"CONTINUE","endTime":1777824000000,
			"workingTime":[{"beginTime":"09:00:00","endTime":"12:00:00"},{"beginTime":"14:00:00","endTime":"20:30:00"}]}`,
		hours: [][2]string{{"09:00:00", "12:00:00"}, {"14:00:00", "20:30:00"}}, attempts: 2, interval: time.Hour,
	}
	afternoons = rule{
		strategy: `{"maxAttemptsPerDay":1,"minAttemptInterval":90,"repeatBy":"Day","followUpStrategy":"CONTINUE","endTime":1777824000000,
			"routingStrategy":"LocalFirst","workingTime":[{"beginTime":"13:00:00","endTime":"18:00:00"}]}`,
		hours: [][2]string{{"13:00:00", "18:00:00"}}, attempts: 1, interval: 90 * time.Minute,
	}
)

// assigned adds jobs to a group under a rule of their own: their numbers, one
// list a job.
func (w *world) assigned(g *store.JobGroup, r rule, numbers [][]string) []string {
	w.t.Helper()
	jobs := make([]store.Job, len(numbers))
	for i := range jobs {
		jobs[i].Extras = "[]"
		for _, n := range numbers[i] {
			jobs[i].Contacts = append(jobs[i].Contacts, store.Contact{PhoneNumber: n, State: store.Available})
		}
	}
	ids, err := w.campaigns.Assign(w.t.Context(), "inst", campaign.Assignment{Group: g.ID, Jobs: jobs, Strategy: r.strategy})
	if err != nil {
		w.t.Fatal(err)
	}
	return ids
}

// emptyGroup makes a group that dials.
func (w *world) emptyGroup(name string, d campaign.GroupDraft) *store.JobGroup {
	w.t.Helper()
	d.Name, d.ScriptID = name, "script"
	g, err := w.campaigns.CreateGroup(w.t.Context(), "inst", d, true)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func number(n int) string { return fmt.Sprintf("138%08d", n) }

// hardship is what goes wrong, and what operators do, during the long campaign.
type hardship struct {
	pausedGroup      string
	paused, resumed  time.Time
	blocked          map[string]time.Time
	restarts, faults int
}

// befall arranges what befalls a campaign: the line is dead now and then,
// sometimes after it rang; the process dies between a plan and its dials; a
// group is suspended for a while; numbers are blocked.
func (w *world) befall(g *store.JobGroup) *hardship {
	h := &hardship{pausedGroup: g.ID, blocked: map[string]time.Time{}}
	var dead time.Time
	w.fault = func() (rings, fails bool) {
		if w.chance.IntN(150) == 0 {
			dead = w.now.Add(time.Duration(1+w.chance.IntN(100)) * time.Second)
		}
		if w.now.Before(dead) {
			h.faults++
			return w.chance.IntN(2) == 0, true
		}
		if w.chance.IntN(100) == 0 {
			h.restarts++
			w.restart()
		}
		return true, false
	}
	second := time.Date(2026, 5, 2, 9, 40, 0, 0, shanghai)
	w.in(second.Sub(w.now), func(ctx context.Context) error {
		h.paused = w.now
		return w.campaigns.Suspend(ctx, "inst", store.JobChoice{Group: g.ID})
	})
	w.in(second.Add(time.Hour).Sub(w.now), func(ctx context.Context) error {
		h.resumed = w.now
		return w.campaigns.Resume(ctx, "inst", store.JobChoice{Group: g.ID})
	})
	w.in(2*time.Hour+5*time.Minute, func(ctx context.Context) error {
		var list []store.BlockedNumber
		for n := 5; n < 200; n += 10 {
			list = append(list, store.BlockedNumber{Number: number(n)})
			h.blocked[number(n)] = w.now
		}
		_, err := w.store.BlockNumbers(ctx, "inst", list)
		return err
	})
	return h
}

// longSize is how many contacts the long campaign has.
func longSize(t *testing.T) int {
	t.Helper()
	text := os.Getenv(contactsVariable)
	if text == "" {
		return 150
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", contactsVariable, err)
	}
	return n
}

// Three days of a campaign of three groups that share numbers, with everything
// going wrong: no rule is broken, nobody is called twice for one attempt, and
// nobody is forgotten.
func TestLongCampaign(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		size := longSize(t)
		w := newWorld(t, place)
		w.seed()
		rules := map[string]rule{}
		add := func(g *store.JobGroup, r rule, own bool, numbers [][]string) {
			given := r
			if !own {
				given.strategy = ""
			}
			for _, id := range w.assigned(g, given, numbers) {
				rules[id] = r
			}
		}
		var one, two, three [][]string
		for n := range size * 6 / 10 {
			one = append(one, []string{number(n)})
		}
		for n := range size / 10 { // Somebody's two numbers; the first is in the first group, too.
			two = append(two, []string{number(n), number(size + n)})
		}
		for n := range size * 2 / 10 {
			three = append(three, []string{number(size/20 + n)})
		}
		a := w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy})
		b := w.emptyGroup("二", campaign.GroupDraft{Strategy: allDay.strategy, Priority: 5})
		c := w.emptyGroup("三", campaign.GroupDraft{Strategy: allDay.strategy, CallingNumbers: []string{"95188"}})
		add(a, allDay, false, one)
		add(b, afternoons, true, two)
		add(c, allDay, false, three)
		h := w.befall(a)
		w.run(w.now.AddDate(0, 0, 4))
		w.checkRules(rules, h)
		ends := map[string]int{}
		for id := range rules {
			ends[w.checkEnd(id)]++
		}
		for _, g := range []*store.JobGroup{a, b, c} {
			if g, err := w.store.JobGroup(t.Context(), "inst", g.ID); err != nil || g.Status != store.GroupCompleted {
				t.Errorf("the group ended %s: %v", g.Status, err)
			}
		}
		t.Logf("%d jobs, %d calls, at most %d at once, %d restarts, %d dials failed, until %v; ends %v",
			len(rules), len(w.rings), w.maxOpen, h.restarts, h.faults, w.now.Format(time.DateTime), ends)
	})
}

// checkRules holds every call that was made against the rules, the slow and
// obvious way.
func (w *world) checkRules(rules map[string]rule, h *hardship) {
	w.t.Helper()
	slices.SortStableFunc(w.rings, func(a, b ring) int { return a.at.Compare(b.at) })
	days, byNumber, last := map[string]int{}, map[string][]ring{}, map[string]ring{}
	tasks, missing := map[string]bool{}, map[string]bool{}
	for _, r := range w.rings {
		rule, at := rules[r.job], r.at.In(shanghai)
		clock := at.Format("15:04:05")
		if !slices.ContainsFunc(rule.hours, func(h [2]string) bool { return h[0] <= clock && clock < h[1] }) {
			w.t.Errorf("%s was called at %s", r.called, clock)
		}
		if tasks[r.task] {
			w.t.Errorf("%s was called twice for one attempt", r.called)
		}
		tasks[r.task] = true
		day := r.called + at.Format(time.DateOnly)
		if days[day]++; days[day] > rule.attempts {
			w.t.Errorf("%s was called %d times on %s", r.called, days[day], at.Format(time.DateOnly))
		}
		if before, ok := last[r.called]; ok {
			if rest := r.at.Sub(later(before.at, before.ended)); rest < rule.interval {
				w.t.Errorf("%s was called %v after its last call ended", r.called, rest)
			}
		}
		last[r.called] = r
		if missing[r.job+r.called] {
			w.t.Errorf("%s does not exist and was called again", r.called)
		}
		missing[r.job+r.called] = strings.HasSuffix(r.called, "9")
		byNumber[r.from] = append(byNumber[r.from], r)
		if of, ok := h.blocked[r.called]; ok && r.at.After(of) {
			w.t.Errorf("%s was called at %v and blocked at %v", r.called, r.at, of)
		}
		// A call that was decided on may still be placed for two minutes.
		if r.group == h.pausedGroup && r.at.After(h.paused.Add(2*time.Minute)) && r.at.Before(h.resumed) {
			w.t.Errorf("%s was called at %v, while its group was suspended", r.called, r.at)
		}
	}
	w.checkRates(byNumber)
	if w.maxOpen > maxCalls {
		w.t.Errorf("%d calls at once", w.maxOpen)
	}
}

// checkRates holds the calls of each calling number against its limit.
func (w *world) checkRates(byNumber map[string][]ring) {
	w.t.Helper()
	for number, rings := range byNumber {
		for i := rate; i < len(rings); i++ {
			if span := rings[i].at.Sub(rings[i-rate].at); span < time.Minute {
				w.t.Errorf("%s made %d calls in %v", number, rate+1, span)
			}
		}
	}
}

// checkEnd reports how a job ended, and that it did.
func (w *world) checkEnd(id string) string {
	w.t.Helper()
	j, err := w.store.Job(w.t.Context(), "inst", id)
	if err != nil {
		w.t.Fatal(err)
	}
	reached := j.Status == store.JobSucceeded && len(j.Tasks) > 0 && j.Tasks[len(j.Tasks)-1].EndReason == "FINISHED"
	failed := j.Status == store.JobFailed && j.FailureReason != ""
	if !reached && !failed || j.EndedAt == 0 {
		w.t.Errorf("%s ended %s %q after %d calls", j.Contacts[0].PhoneNumber, j.Status, j.FailureReason, len(j.Tasks))
	}
	for i := range j.Tasks {
		if j.Tasks[i].EndedAt == 0 {
			w.t.Errorf("a call of %s never ended", j.Contacts[0].PhoneNumber)
		}
	}
	return j.Status + " " + j.FailureReason
}
