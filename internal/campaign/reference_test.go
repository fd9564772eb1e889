package campaign_test

import (
	"slices"
	"time"
)

// The rules of who may be called when, written down the slow and obvious way.
// Nothing is kept but what was said at the start and the list of all calls there
// were; every question is answered by looking through all of it.

// refRule is a strategy.
type refRule struct {
	start, end time.Time // Zero: no bound.
	hours      [][2]string
	week       bool  // Its cycle is a week, else a day.
	days       []int // With a week: from 1, Monday, to 7; none: all.
	goesOn     bool  // Whether what a cycle leaves unfinished is tried in the next.
	attempts   int
	interval   time.Duration
}

type refGroup struct {
	id       string
	priority int
	paused   bool
	rule     refRule
}

type refJob struct {
	id       string
	group    *refGroup
	rule     refRule // The group's, or its own.
	number   string
	from     []string // The numbers it may be called from.
	assigned time.Time
	lost     bool // It was due when its number was blocked.
}

// refCall is one call, from when it was placed to when somebody told that it is
// over.
type refCall struct {
	job   *refJob
	from  string
	at    time.Time
	ended time.Time // Zero: not yet.
	end   string    // answered, missing, or any other reason.
}

// reference is all that is known.
type reference struct {
	jobs     []*refJob
	calls    []*refCall
	rates    map[string]int // Calls of a number in period.
	period   time.Duration
	maxCalls int
	blocked  map[string]bool
}

// open reports whether a rule lets calls be made at a time.
func (r *refRule) open(at time.Time) bool {
	if !r.start.IsZero() && at.Before(r.start) || !r.end.IsZero() && !at.Before(r.end) {
		return false
	}
	local := at.In(shanghai)
	weekday := int(local.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	if len(r.days) > 0 && !slices.Contains(r.days, weekday) {
		return false
	}
	clock := local.Format("15:04:05")
	return len(r.hours) == 0 || slices.ContainsFunc(r.hours, func(h [2]string) bool { return h[0] <= clock && clock < h[1] })
}

// deadline returns when a job that was assigned at a time is given up: at the
// end of its rule or seven days after it might first be called, and, unless it
// goes on, when the cycle of that time is over. It looks at each quarter of an
// hour.
func (r *refRule) deadline(assigned time.Time) time.Time {
	const quarter = 15 * time.Minute
	first := assigned
	for ; !r.open(first); first = first.Truncate(quarter).Add(quarter) {
		if first.Sub(assigned) > 30*24*time.Hour {
			return assigned
		}
	}
	end := r.end
	if end.IsZero() {
		end = first.AddDate(0, 0, 7)
	}
	if r.goesOn {
		return end
	}
	cycle := func(t time.Time) string {
		local := t.In(shanghai)
		if r.week {
			local = local.AddDate(0, 0, -(int(local.Weekday())+6)%7)
		}
		return local.Format(time.DateOnly)
	}
	over := first
	for cycle(over) == cycle(first) {
		over = over.Truncate(quarter).Add(quarter)
	}
	return earlier(over, end)
}

// waits reports whether a job is still to be called, some time or other.
func (ref *reference) waits(j *refJob, now time.Time) bool {
	for _, c := range ref.calls {
		if c.job == j && (c.ended.IsZero() || c.end == "answered" || c.end == "missing") {
			return false
		}
	}
	return !j.lost && now.Before(j.rule.deadline(j.assigned))
}

// allowed reports whether a job may be called now, where there is room.
func (ref *reference) allowed(j *refJob, now time.Time) bool {
	if !ref.waits(j, now) || j.group.paused || !j.rule.open(now) || ref.blocked[j.number] {
		return false
	}
	today := 0
	for _, c := range ref.calls {
		if c.job.number != j.number {
			continue
		}
		if c.ended.IsZero() || now.Sub(c.ended) < j.rule.interval {
			return false
		}
		if c.at.In(shanghai).Format(time.DateOnly) == now.In(shanghai).Format(time.DateOnly) {
			today++
		}
	}
	return today < j.rule.attempts
}

// from returns the numbers that a job may be called from now: on a retry, the
// one of the call before.
func (ref *reference) from(j *refJob, now time.Time) []string {
	numbers := j.from
	for _, c := range ref.calls {
		if c.job == j {
			numbers = []string{c.from}
		}
	}
	var free []string
	for _, number := range numbers {
		made := 0
		for _, c := range ref.calls {
			if c.from == number && now.Sub(c.at) < ref.period {
				made++
			}
		}
		if made < ref.rates[number] {
			free = append(free, number)
		}
	}
	return free
}

// open counts the calls that are not over.
func (ref *reference) open() int {
	n := 0
	for _, c := range ref.calls {
		if c.ended.IsZero() {
			n++
		}
	}
	return n
}

// shared reports whether a number is another job's, too.
func (ref *reference) shared(j *refJob) bool {
	return slices.ContainsFunc(ref.jobs, func(other *refJob) bool { return other != j && other.number == j.number })
}
