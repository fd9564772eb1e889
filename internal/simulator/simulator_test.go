package simulator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/internal/campaign"
)

// fakeCenter asks until something is said, and remembers all it is told.
type fakeCenter struct {
	told []string
	err  error
}

func (c *fakeCenter) Turn(_ context.Context, one Call, said Said) (Heard, error) {
	c.told = append(c.told, fmt.Sprintf("%s turn %s %s%s", one.TaskID, said.TurnID, said.ActionKey, said.Utterance))
	return Heard{Content: "听明白了吗？", NodeID: "ask", Patience: 5 * time.Second, Over: said.Utterance != ""}, c.err
}

func (c *fakeCenter) Fail(_ context.Context, one Call, reason campaign.Reason, _ time.Time) error {
	c.told = append(c.told, fmt.Sprintf("%s failed %s", one.TaskID, reason))
	return c.err
}

func (c *fakeCenter) Recording(_ context.Context, one Call, url string) error {
	c.told = append(c.told, fmt.Sprintf("%s recorded %s", one.TaskID, url))
	return c.err
}

var start = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)

// lab is an exchange in virtual time.
func lab(t *testing.T, p Profile, capacity int) (*Exchange, *fakeCenter, *Clock) {
	t.Helper()
	clock, center := NewClock(start), &fakeCenter{}
	x, err := New(Options{Profile: p, Seed: 1, Center: center, Now: clock.Now, After: clock.After, Capacity: capacity})
	if err != nil {
		t.Fatal(err)
	}
	return x, center, clock
}

func dial(i int) campaign.Call {
	return campaign.Call{TaskID: fmt.Sprintf("t%03d", i), CalledNumber: fmt.Sprintf("138%08d", i), Ringing: 30 * time.Second}
}

var willing = Profile{Ring: Range{2, 2}, Think: Range{1, 1}, Say: []Words{{Texts: []string{"知道了"}}}}

func TestACallIsPlayed(t *testing.T) {
	p := willing
	p.Recordings = "https://recordings.example.com/"
	x, center, clock := lab(t, p, 1)
	for range 2 { // The second time is no other call.
		if err := x.Dial(t.Context(), dial(1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Dial(t.Context(), dial(2)); !errors.Is(err, ErrFull) {
		t.Errorf("a second call on one line: %v", err)
	}
	clock.Advance(t.Context(), start.Add(time.Minute))
	if diff := cmp.Diff([]string{"t001 turn 1 ", "t001 turn 2 知道了", "t001 recorded https://recordings.example.com/t001.wav"}, center.told); diff != "" {
		t.Error(diff)
	}
	r := x.Rings()
	want := Rings{
		Asked: 3, Rings: 1, Tasks: map[string]int{"t001": 1}, Numbers: map[string]int{"13800000001": 1}, Ends: map[string]int{"RobotHungUp": 1},
		Calls: []Ring{{At: start.UnixMilli(), Task: "t001", Called: "13800000001", Asked: 2, Turns: 2, End: "RobotHungUp"}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if free, err := x.Capacity(t.Context()); free != 1 || err != nil {
		t.Errorf("%d lines are free: %v", free, err)
	}
}

func TestAServerHangsUp(t *testing.T) {
	x, center, clock := lab(t, willing, 0)
	for i := range 2 {
		if err := x.Dial(t.Context(), dial(i)); err != nil {
			t.Fatal(err)
		}
		if i == 0 { // The first one talks, the second rings.
			clock.Advance(t.Context(), start.Add(3*time.Second))
		}
	}
	for _, task := range []string{"t000", "t001", "t000", "unknown"} {
		if err := x.HangUp(t.Context(), task); err != nil {
			t.Error(err)
		}
	}
	clock.Advance(t.Context(), start.Add(time.Minute))
	if diff := cmp.Diff([]string{"t000 turn 1 ", "t000 turn 2 Hangup", "t001 failed NoAnswer"}, center.told); diff != "" {
		t.Error(diff)
	}
	if r := x.Rings(); r.Open != 0 || r.Ends["HungUpByServer"] != 1 || r.Ends["NoAnswer"] != 1 {
		t.Errorf("%+v", r)
	}
}

// What a callee does is the same whatever else goes on, and another for another
// seed; and shares come out as the profile has them.
func TestCalleesDependOnSeedTaskAndNumber(t *testing.T) {
	p := DefaultProfile()
	p.Say = willing.Say
	const calls = 2000
	play := func(seed uint64, order func(i int) int) (map[string]string, map[string]int) {
		clock, center := NewClock(start), &fakeCenter{}
		x, err := New(Options{Profile: p, Seed: seed, Center: center, Now: clock.Now, After: clock.After})
		if err != nil {
			t.Fatal(err)
		}
		for i := range calls {
			if err := x.Dial(t.Context(), dial(order(i))); err != nil {
				t.Fatal(err)
			}
			clock.Advance(t.Context(), clock.Now().Add(time.Duration(order(i))*time.Millisecond))
		}
		clock.Advance(t.Context(), start.Add(24*time.Hour))
		of := make(map[string]string)
		for _, told := range center.told {
			task, what, _ := strings.Cut(told, " ")
			of[task] += what + "\n"
		}
		return of, x.Rings().Ends
	}
	one, ends := play(1, func(i int) int { return i })
	other, _ := play(1, func(i int) int { return calls - 1 - i })
	if diff := cmp.Diff(one, other); diff != "" {
		t.Error(diff)
	}
	if third, _ := play(2, func(i int) int { return i }); cmp.Equal(one, third) {
		t.Error("another seed changes nothing")
	}
	for end, share := range map[string]float64{"NotExists": p.NotExists, "NoAnswer": p.NoAnswer, "Busy": p.Busy, "PoweredOff": p.PoweredOff} {
		if got := float64(ends[end]) / calls; got < share-0.03 || got > share+0.03 {
			t.Errorf("%s: %.3f of the calls, the profile has %.3f", end, got, share)
		}
	}
}

// What the metrics say is what happened.
func TestMetrics(t *testing.T) {
	registry, clock := prometheus.NewRegistry(), NewClock(start)
	o := Options{Profile: willing, Center: &fakeCenter{}, Now: clock.Now, After: clock.After, Capacity: 2, Registerer: registry}
	x, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{1, 2, 1, 3} { // The first one is asked for twice, and for the last one there is no line.
		if err := x.Dial(t.Context(), dial(i)); (err != nil) != (i == 3) {
			t.Fatal(err)
		}
	}
	if err := x.HangUp(t.Context(), "t002"); err != nil {
		t.Fatal(err)
	}
	clock.Advance(t.Context(), start.Add(time.Minute))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			name := strings.TrimPrefix(family.GetName(), "talkgraph_simulator_")
			for _, label := range m.GetLabel() {
				name += " " + label.GetValue()
			}
			if value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount()); value > 0 {
				got[name] = value
			}
		}
	}
	want := map[string]float64{
		"dials_total": 4, "rings_total": 2, "answers_total": 1, "turns_total": 2, "turn_duration_seconds": 2,
		"calls_ended_total RobotHungUp": 1, "calls_ended_total NoAnswer": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := New(o); err == nil {
		t.Error("two exchanges share a registry")
	}
}

func TestAServerThatDoesNotWantToHear(t *testing.T) {
	x, center, clock := lab(t, willing, 0)
	center.err = errors.New("no such task")
	if err := x.Dial(t.Context(), dial(1)); err != nil {
		t.Fatal(err)
	}
	clock.Advance(t.Context(), start.Add(time.Minute))
	if r := x.Rings(); len(center.told) != 1 || r.Ends["ServerRefused"] != 1 {
		t.Errorf("told %v, %+v", center.told, r)
	}
}

func TestReadProfile(t *testing.T) {
	for text, problem := range map[string]string{
		`{"busy":0.5,"say":[{"texts":["好"]}]}`:  "",
		`{}`:                                    "",
		`{"busy":1.5}`:                          "busy is 1.5",
		`{"busy":0.9,"noAnswer":0.9}`:           "add up to",
		`{"silence":0.6,"hangUp":0.6}`:          "more than 1",
		`{"ringSeconds":[5,1]}`:                 "ringSeconds",
		`{"thinkSeconds":[-1,1]}`:               "thinkSeconds",
		`{"say":[{"weight":-1,"texts":["好"]}]}`: "weight of say 1",
		`{"say":[{"weight":1}]}`:                "say 1 has no texts",
		`{"say":[{"texts":[" "]}]}`:             "empty text",
		`{"bussy":0.1}`:                         "unknown field",
		`{"busy":`:                              "unexpected EOF",
		`{} {}`:                                 "something follows",
		`[]`:                                    "cannot unmarshal array",
	} {
		_, err := ReadProfile(strings.NewReader(text))
		if (err == nil) != (problem == "") || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %v, want %q", text, err, problem)
		}
	}
}

// Words of a node are said there, and others where no words name the node.
func TestWords(t *testing.T) {
	p := Profile{Say: []Words{{Texts: []string{"a"}}, {Node: "n", Weight: 3, Texts: []string{"b"}}, {Node: "n", Texts: []string{"c"}}}}
	c := p.callee(1, "task", "number")
	for _, test := range []struct {
		node  string
		drawn float64
		want  string
	}{{"n", 0, "b"}, {"n", 0.74, "b"}, {"n", 0.76, "c"}, {"m", 0.5, "a"}} {
		if got := c.words(test.node, test.drawn); got == nil || got.Texts[0] != test.want {
			t.Errorf("%s at %v: %v, want %s", test.node, test.drawn, got, test.want)
		}
	}
}
