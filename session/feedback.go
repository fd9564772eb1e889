package session

// Actions of a [Feedback] that every script can give. A hand-over answers with
// the name of its own action instead.
const (
	ActionBroadcast = "Broadcast" // Speak Content, then listen.
	ActionHangup    = "Hangup"    // Speak Content, then hang up.
)

// Feedback is what a turn tells the gateway to do.
type Feedback struct {
	Action         string // ActionBroadcast, ActionHangup, or the name of a hand-over.
	ActionParams   string // Of the node that ended or handed over the call.
	Content        string // What is to be spoken; parts are joined by a newline.
	Interruptible  bool   // Whether the caller may talk over Content (barge-in).
	FlowID, NodeID string // Where the call rests; after the end, where it ended.
	SilenceTimeout int    // Seconds of silence after which the gateway reports Silence; 0 after the end.
	Collect        Collect
	TurnID         string // Of the input this answers.
	Ended          EndReason
}

// Feedback returns the feedback in which s was said, as far as s tells.
func (s *Said) Feedback() Feedback {
	return Feedback{
		Action: s.Action, ActionParams: s.ActionParams, Content: s.Content, Interruptible: s.Interruptible,
		FlowID: s.FlowID, NodeID: s.NodeID, TurnID: s.TurnID,
	}
}

// Collect asks the gateway to collect keys at this node.
type Collect struct {
	Enabled    bool
	Min, Max   int    // How many keys; 0 leaves it to the gateway.
	Terminator string // The key that ends the input; empty for none.
	Timeout    int    // Seconds to wait between keys; 0 leaves it to the gateway.
}

// EndReason says why a call ended.
type EndReason uint8

// The reasons, in the order in which they are looked for. Live is the zero
// value: the call has not ended.
const (
	Live          EndReason = iota
	Finished                // A Transfer node ended the call or handed it over.
	Unrecognized            // No match, past the threshold.
	NoInteraction           // The call ended and no Speech or Digits turn ever came.
	ClientHangup            // The caller left.
	TimedOut                // Silence past the threshold, or the session idled past its limit.
)

var endNames = [...]string{"", "FINISHED", "UNRECOGNIZED", "NO_INTERACTION", "CLIENT_HANGUP", "TIMEOUT"}

// String returns the reason as the API spells it, empty while the call lives.
func (r EndReason) String() string {
	if int(r) < len(endNames) {
		return endNames[r]
	}
	return "UNKNOWN"
}

// ParseEndReason reads what String wrote; anything else is Live.
func ParseEndReason(text string) EndReason {
	for i, name := range endNames {
		if name == text {
			return EndReason(i)
		}
	}
	return Live
}

// EventKind says what happened.
type EventKind uint8

// The kinds of event. Each names the fields of [Event] it fills beside Flow and Node.
const (
	Entered         EventKind = iota // A node was entered.
	Matched                          // A branch was taken: Rule, Branch; by an intent also Index and Score.
	Answered                         // A global question was answered: Index, Score.
	NoMatch                          // Nothing matched: Count is the visit's no-matches, this one included.
	Silent                           // Nothing was said: Count is the visit's silences, this one included.
	Tagged                           // A tag was hit for the first time in this call: Index.
	MissingVariable                  // Count @names had no variable and were left out.
	ConditionFailed                  // A condition could not be evaluated and counted as false: Branch.
	Ended                            // The call ended: Reason.
)

var eventNames = [...]string{
	"entered", "matched", "answered", "no-match", "silent", "tagged", "missing-variable", "condition-failed", "ended",
}

// String returns the kind in lower case.
func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return "unknown"
}

// Rule says which rule took a branch.
type Rule uint8

// The rules, in the order in which they are tried.
const (
	ByIntent    Rule = iota // One of the branch's intents won.
	ByCondition             // The branch has a condition, no intents, and the condition held.
	ByDefault               // The branch has neither: it takes what is left.
)

var ruleNames = [...]string{"branch", "condition", "default"}

// String returns the rule as traces spell it.
func (r Rule) String() string {
	if int(r) < len(ruleNames) {
		return ruleNames[r]
	}
	return "unknown"
}

// Event is one thing a turn did. Indexes are those of the version's program:
// Flow in its flows, Node in the flow's nodes, Branch in the node's branches,
// Index in its intents, questions or tags, by Kind.
type Event struct {
	Kind   EventKind
	Rule   Rule
	Reason EndReason
	Flow   uint16
	Node   uint16
	Branch uint16
	Count  uint16
	Index  int32
	Score  float64
}
