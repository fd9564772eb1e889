package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
)

// jobGroup is a campaign as answers show it.
type jobGroup struct {
	CallingNumbers       []string       `rpc:"CallingNumbers"`
	CreationTime         int64          `rpc:"CreationTime"`
	ExportProgress       exportProgress `rpc:"ExportProgress"`
	JobDataParsingTaskID string         `rpc:"JobDataParsingTaskId"`
	JobFilePath          string         `rpc:"JobFilePath"`
	JobGroupDescription  string         `rpc:"JobGroupDescription"`
	JobGroupID           string         `rpc:"JobGroupId"`
	JobGroupName         string         `rpc:"JobGroupName"`
	MinConcurrency       int64          `rpc:"MinConcurrency"`
	ModifyTime           string         `rpc:"ModifyTime"`
	Priority             string         `rpc:"Priority"`
	Progress             groupProgress  `rpc:"Progress"`
	RecallStrategy       recallStrategy `rpc:"RecallStrategy"`
	Result               groupResult    `rpc:"Result"`
	RingingDuration      int64          `rpc:"RingingDuration"` // Seconds.
	ScenarioID           string         `rpc:"ScenarioId"`
	ScriptID             string         `rpc:"ScriptId"`
	ScriptName           string         `rpc:"ScriptName"`
	ScriptVersion        string         `rpc:"ScriptVersion"`
	Status               string         `rpc:"Status"`
	Strategy             strategy       `rpc:"Strategy"`
	TotalCallNum         int            `rpc:"TotalCallNum"`
}

type exportProgress struct {
	FileHTTPURL string `rpc:"FileHttpUrl"`
	Progress    string `rpc:"Progress"`
	Status      string `rpc:"Status"`
}

// strategy is when a group calls and how often it tries.
type strategy struct {
	Customized          string       `rpc:"Customized"`
	EndTime             int64        `rpc:"EndTime"`
	FollowUpStrategy    string       `rpc:"FollowUpStrategy"`
	IsTemplate          bool         `rpc:"IsTemplate"`
	MaxAttemptsPerDay   int          `rpc:"MaxAttemptsPerDay"`
	MinAttemptInterval  int          `rpc:"MinAttemptInterval"` // Minutes.
	RepeatBy            string       `rpc:"RepeatBy"`
	RepeatDays          []string     `rpc:"RepeatDays"`
	RoutingStrategy     string       `rpc:"RoutingStrategy"`
	StartTime           int64        `rpc:"StartTime"`
	StrategyDescription string       `rpc:"StrategyDescription"`
	StrategyID          string       `rpc:"StrategyId"`
	StrategyName        string       `rpc:"StrategyName"`
	Type                string       `rpc:"Type"`
	WorkingTime         []workWindow `rpc:"WorkingTime"`
}

type workWindow struct {
	BeginTime string `rpc:"BeginTime"`
	EndTime   string `rpc:"EndTime"`
}

// groupProgress counts jobs.
type groupProgress struct {
	Briefs           []keyValue `rpc:"Briefs"`
	Cancelled        int        `rpc:"Cancelled"`
	Categories       []keyValue `rpc:"Categories"`
	Duration         int        `rpc:"Duration"` // Seconds from the first call to the last, so far.
	Executing        int        `rpc:"Executing"`
	Failed           int        `rpc:"Failed"`
	Paused           int        `rpc:"Paused"`
	Scheduling       int        `rpc:"Scheduling"`
	StartTime        int64      `rpc:"StartTime"`
	Status           string     `rpc:"Status"`
	TotalCompleted   int        `rpc:"TotalCompleted"`
	TotalJobs        int        `rpc:"TotalJobs"`
	TotalNotAnswered int        `rpc:"TotalNotAnswered"`
}

type keyValue struct {
	Key   string `rpc:"Key"`
	Value string `rpc:"Value"`
}

type recallStrategy struct {
	EmptyNumberIgnore  bool `rpc:"EmptyNumberIgnore"`
	InArrearsIgnore    bool `rpc:"InArrearsIgnore"`
	OutOfServiceIgnore bool `rpc:"OutOfServiceIgnore"`
}

// groupResult counts conversations by how they ended.
type groupResult struct {
	ClientHangupNum  int `rpc:"ClientHangupNum"`
	FinishedNum      int `rpc:"FinishedNum"`
	NoInteractNum    int `rpc:"NoInteractNum"`
	TimeoutHangupNum int `rpc:"TimeoutHangupNum"`
	UnrecognizedNum  int `rpc:"UnrecognizedNum"`
}

func jobGroupOf(g *store.JobGroup, counts *store.GroupCounts) jobGroup {
	shown := jobGroup{
		CallingNumbers: g.CallingNumbers.List(), CreationTime: g.CreatedAt, JobDataParsingTaskID: g.ParsingTaskID,
		JobFilePath: g.JobFile, JobGroupDescription: g.Description, JobGroupID: g.ID, JobGroupName: g.Name,
		MinConcurrency: g.MinConcurrency, ModifyTime: strconv.FormatInt(g.UpdatedAt, 10), Priority: strconv.FormatInt(g.Priority, 10),
		RingingDuration: g.RingingSeconds, ScenarioID: g.ScenarioID, ScriptID: g.ScriptID, ScriptName: g.ScriptName,
		Status: g.Status, Strategy: strategyOf(g), TotalCallNum: counts.Calls,
		Progress: progressOf(g, counts), RecallStrategy: recallOf(g), Result: groupResult{
			ClientHangupNum: counts.EndReasons["CLIENT_HANGUP"], FinishedNum: counts.EndReasons["FINISHED"],
			NoInteractNum: counts.EndReasons["NO_INTERACTION"], TimeoutHangupNum: counts.EndReasons["TIMEOUT"],
			UnrecognizedNum: counts.EndReasons["UNRECOGNIZED"],
		},
	}
	if g.ScriptVersion > 0 {
		shown.ScriptVersion = strconv.FormatInt(g.ScriptVersion, 10)
	}
	return shown
}

func progressOf(g *store.JobGroup, counts *store.GroupCounts) groupProgress {
	p := groupProgress{
		StartTime: g.StartedAt, Status: g.Status, TotalNotAnswered: counts.NotAnswered,
		Cancelled: counts.Jobs[store.JobCancelled], Executing: counts.Jobs[store.JobExecuting],
		Failed: counts.Jobs[store.JobFailed], Paused: counts.Jobs[store.JobPaused],
		Scheduling:     counts.Jobs[store.JobScheduling],
		TotalCompleted: counts.Jobs[store.JobSucceeded] + counts.Jobs[store.JobFailed] + counts.Jobs[store.JobCancelled],
	}
	for _, n := range counts.Jobs {
		p.TotalJobs += n
	}
	if g.StartedAt > 0 && counts.LastCall > g.StartedAt {
		p.Duration = int((counts.LastCall - g.StartedAt) / time.Second.Milliseconds())
	}
	return p
}

func recallOf(g *store.JobGroup) recallStrategy {
	r := campaign.RecallOf(g)
	return recallStrategy{EmptyNumberIgnore: r.IgnoreEmpty, InArrearsIgnore: r.IgnoreInArrears, OutOfServiceIgnore: r.IgnoreOutOfService}
}

// strategyOf shows the strategy of a group, which was read when it was stored.
func strategyOf(g *store.JobGroup) strategy {
	s, err := campaign.ParseStrategy(g.Strategy)
	if err != nil {
		return strategy{StrategyID: g.StrategyID}
	}
	shown := strategy{
		Customized: s.Customized, FollowUpStrategy: string(s.FollowUp), IsTemplate: s.IsTemplate,
		MaxAttemptsPerDay: s.MaxAttemptsPerDay, MinAttemptInterval: int(s.MinAttemptInterval / time.Minute),
		RepeatBy: string(s.Repeat), RepeatDays: []string{}, RoutingStrategy: s.Routing,
		StrategyDescription: s.Description, StrategyID: g.StrategyID, StrategyName: s.Name, Type: s.Type,
		WorkingTime: []workWindow{},
	}
	if !s.Start.IsZero() {
		shown.StartTime = s.Start.UnixMilli()
	}
	if !s.End.IsZero() {
		shown.EndTime = s.End.UnixMilli()
	}
	for _, day := range s.RepeatDays {
		shown.RepeatDays = append(shown.RepeatDays, strconv.Itoa(day))
	}
	for _, w := range s.Working {
		shown.WorkingTime = append(shown.WorkingTime, workWindow{clockText(w.Begin), clockText(w.End)})
	}
	return shown
}

// clockText writes seconds from midnight as HH:mm:ss.
func clockText(seconds int) string {
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
