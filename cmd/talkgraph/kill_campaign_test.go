package main

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/simulator"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// How hard campaigns are tried, beside -kills. `make soak` tries harder than a
// test does.
var (
	contacts = flag.Int("contacts", 30, "how many contacts the campaigns have whose servers are killed")
	faster   = flag.Float64("faster", 30, "how many times as fast as in life the clocks of these campaigns go")
)

// The limits of these campaigns.
const (
	atOnce          = 40
	numberRate      = 20 // Calls of a number in numberPeriod.
	numberPeriod    = 5 * time.Second
	attemptsPerDay  = 2
	attemptInterval = time.Minute
)

// killedStrategy says what of it a strategy says.
var killedStrategy = fmt.Sprintf(`{"maxAttemptsPerDay":%d,"minAttemptInterval":%d,"endTime":%d,"workingTime":[{"beginTime":"09:00:00","endTime":"20:00:00"}]}`,
	attemptsPerDay, attemptInterval/time.Minute, opening.Add(24*time.Hour).UnixMilli())

// killedCallees are people of all kinds, who are quick to answer.
const killedCallees = `{"notExists":0.05,"busy":0.1,"noAnswer":0.1,"rejected":0.05,"poweredOff":0.05,"outOfService":0,
	"ringSeconds":[1,8],"thinkSeconds":[0.2,1],"silence":0.05,"hangUp":0.05,"say":[{"texts":["知道了"],"weight":4},{"texts":["什么时候停水"]}]}`

func killedOperation(t *testing.T, place store.Options, servers int) *operation {
	t.Helper()
	op := newOperation(t, place, operationOptions{servers: servers, faster: *faster, script: hello, profile: killedCallees})
	op.begin(*contacts, atOnce, numberRate, int(numberPeriod/time.Second), killedStrategy)
	return op
}

// A server that is killed at any moment of a campaign calls nobody twice for one
// attempt, forgets nobody, and breaks no rule.
func TestKillCampaign(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		began := time.Now()
		op := killedOperation(t, place, 1)
		random := rand.New(rand.NewPCG(*seed, 1))
		moments := make([]int64, *kills)
		for i := range moments { // Each contact is at least one webhook and one callback.
			moments[i] = op.told.Load() + random.Int64N(2*int64(*contacts))
		}
		slices.Sort(moments)
		for _, moment := range moments {
			op.await(moment)
			op.servers[0].kill()
			op.servers[0].start()
		}
		op.awaitEnd(*contacts, 20*time.Minute)
		rings := op.exchange.rings()
		op.audit(op.stop(), rings)
		t.Logf("%d kills in %.0f s", *kills, time.Since(began).Seconds())
	})
}

// Two servers on one database share a campaign, and one is killed for good half
// way: the other does all that is left.
func TestTwoServersCampaign(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		if place.Database == "" {
			return // Servers on one file are on one machine, and do not die for good alone.
		}
		began := time.Now()
		op := killedOperation(t, place, 2)
		op.await(op.told.Load() + 2*int64(*contacts))
		op.bury()
		op.awaitEnd(*contacts, 20*time.Minute)
		rings := op.exchange.rings()
		op.audit(op.stop(), rings)
		t.Logf("in %.0f s", time.Since(began).Seconds())
	})
}

// attempt is a task with the ring that it made, if it made one.
type attempt struct {
	store.Task
	rang bool
	at   int64 // When it rang.
}

// audit holds what rang against what the servers kept, and both against the
// rules.
func (op *operation) audit(kept *store.Store, rings simulator.Rings) {
	op.t.Helper()
	attempts := make(map[string]*attempt)
	byCalled, byCalling := map[string][]*attempt{}, map[string][]*attempt{}
	ends, left := map[string]int{}, 0
	for _, job := range op.jobs(kept) {
		ends[job.Status+" "+job.FailureReason]++
		op.checkJob(&job)
		if n := len(job.Tasks); n > 0 && job.Tasks[n-1].PlannedAt > job.ActualAt+time.Second.Milliseconds() {
			left++ // It was decided on once and placed later.
		}
		for _, task := range job.Tasks {
			a := &attempt{Task: task}
			attempts[task.ID] = a
			byCalled[task.CalledNumber] = append(byCalled[task.CalledNumber], a)
			byCalling[task.CallingNumber] = append(byCalling[task.CallingNumber], a)
		}
	}
	again := 0
	for _, call := range rings.Calls {
		a := attempts[call.Task]
		if a == nil || a.rang || a.CalledNumber != call.Called || a.JobID != call.Job {
			op.t.Errorf("a call rang that is no attempt, or the same as another: %+v", call)
			continue
		}
		a.rang, a.at = true, call.At
		again += call.Asked - 1
	}
	for called, list := range byCalled {
		op.checkNumber(called, list)
	}
	for calling, list := range byCalling {
		op.checkRate(calling, list)
	}
	op.t.Logf("%d contacts, %d attempts, %d rings; %d calls left behind by a server and placed by the next, %d asked for that rang already; "+
		"at most %d calls at once; calls ended %v, jobs %v",
		*contacts, len(attempts), rings.Rings, left, again, op.checkConcurrency(attempts), rings.Ends, ends)
}

// jobs returns all jobs of the group.
func (op *operation) jobs(kept *store.Store) []store.Job {
	op.t.Helper()
	var all []store.Job
	for page := (store.Page{Number: 1, Size: 500}); ; page.Number++ {
		jobs, total, err := kept.Jobs(op.t.Context(), "demo", store.JobFilter{Group: op.group}, page)
		if err != nil {
			op.t.Fatal(err)
		}
		if all = append(all, jobs...); len(all) == total {
			return all
		}
	}
}

// checkJob reports a job that was not reached and has no reason.
func (op *operation) checkJob(j *store.Job) {
	op.t.Helper()
	number := j.Contacts[0].PhoneNumber
	if len(j.Tasks) == 0 || j.EndedAt == 0 {
		op.t.Errorf("%s was not called, or its job never ended: %s %q", number, j.Status, j.FailureReason)
		return
	}
	last := j.Tasks[len(j.Tasks)-1]
	reached := j.Status == store.JobSucceeded && last.Status == store.TaskSucceeded && last.EndReason != ""
	failed := j.Status == store.JobFailed && j.FailureReason != "" && last.FailureReason == j.FailureReason
	if !reached && !failed {
		op.t.Errorf("%s ended %s %q, its last call %s %q %q", number, j.Status, j.FailureReason, last.Status, last.FailureReason, last.EndReason)
	}
}

// checkNumber holds the attempts of a called number against the strategy.
func (op *operation) checkNumber(called string, list []*attempt) {
	op.t.Helper()
	slices.SortFunc(list, func(a, b *attempt) int { return cmp.Compare(a.PlannedAt, b.PlannedAt) })
	if len(list) > attemptsPerDay { // They are all of one day.
		op.t.Errorf("%s was called %d times", called, len(list))
	}
	for i, a := range list {
		if a.EndedAt == 0 {
			op.t.Errorf("a call of %s never ended", called)
		}
		if i == 0 {
			continue
		}
		before := list[i-1]
		if rest := time.Duration(a.PlannedAt-before.EndedAt) * time.Millisecond; rest < attemptInterval {
			op.t.Errorf("%s was called %v after its last call ended", called, rest)
		}
		if before.Status == store.TaskSucceeded || before.FailureReason == "NotExists" {
			op.t.Errorf("%s was called again after %s %s", called, before.Status, before.FailureReason)
		}
		if a.CallingNumber != before.CallingNumber {
			op.t.Errorf("%s was called from %s, then from %s", called, before.CallingNumber, a.CallingNumber)
		}
	}
}

// checkRate holds the calls of a calling number against its limit.
func (op *operation) checkRate(calling string, list []*attempt) {
	op.t.Helper()
	slices.SortFunc(list, func(a, b *attempt) int { return cmp.Compare(a.PlannedAt, b.PlannedAt) })
	for i := numberRate; i < len(list); i++ {
		if span := time.Duration(list[i].PlannedAt-list[i-numberRate].PlannedAt) * time.Millisecond; span < numberPeriod {
			op.t.Errorf("%s made %d calls in %v", calling, numberRate+1, span)
		}
	}
}

// checkConcurrency returns how many calls there were at once at most. A call is
// there from its ring until the server knows that it is over.
func (op *operation) checkConcurrency(attempts map[string]*attempt) int {
	op.t.Helper()
	type change struct {
		at int64
		by int
	}
	var changes []change
	for _, a := range attempts {
		if a.rang && a.at < a.EndedAt {
			changes = append(changes, change{a.at, 1}, change{a.EndedAt, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	open, most := 0, 0
	for _, c := range changes {
		open += c.by
		most = max(most, open)
	}
	if most > atOnce {
		op.t.Errorf("%d calls at once", most)
	}
	return most
}
