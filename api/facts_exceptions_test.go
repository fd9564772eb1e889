package api

// The lists of what differs from testdata/openapi-facts.json on purpose. Each
// entry has its reason; one that is not needed any more is an error.

// pending are the documented actions that are not there yet.
var pending = []string{}

// extraActions are there beside the 73 of the reference.
var extraActions = map[string]string{
	"PublishScript":       "Publish the draft without a review; the official SDK has it",
	"GenerateUploadUrl":   "Get a place to put a file, such as a recording; the official SDK has it",
	"ApproveScriptReview": "Publish what is in review; an extension",
	"RejectScriptReview":  "End a review without publishing; an extension",
	"TaskPreparing":       "Get the task of a job that is being called; the official SDK has it",
	"InflightTaskTimeout": "Give a task up that nothing is heard of; the official SDK has it",
	"SubmitRecording":     "Hand in the recordings of a task; the official SDK has it",
	"TerminateCall":       "Hang up on a call; the official SDK has it",
	"GetTaskByUuid":       "Look at one task; the official SDK has it",

	"GetContactBlockList":                "Page through the numbers that are not called; the official SDK has it",
	"CreateJobGroupExportTask":           "Write the results of a job group to a file; the official SDK has it",
	"DescribeJobGroupExportTaskProgress": "How far an export has come; the official SDK has it",

	"SaveContactBlockList":           "Put numbers on the block list; the official SDK has it",
	"DeleteContactBlockList":         "Take a number off the block list; the official SDK has it",
	"DescribeGroupExecutingInfo":     "How a job group stands; the official SDK has it",
	"DescribeDialogueNodeStatistics": "Where callers gave no answer; the official SDK has it",
	"DescribeIntentStatistics":       "What callers meant; the official SDK has it",
}

// optional are the parameters that the reference calls required and that may be
// absent; * stands for every action.
var optional = map[string]string{
	"* PageNumber":       "examples leave it out, and clients cannot send 0",
	"* PageSize":         "examples leave it out, and clients cannot send 0",
	"* RegionId":         "a common parameter, which this server has one region for",
	"Dialogue Utterance": "clients cannot send an empty one, which silence is",

	"ModifyJobGroup ScenarioId":  "the reference itself says that it may be left out",
	"StartJob ScenarioId":        "the reference itself says that it may be left out",
	"ModifyBatchJobs ScenarioId": "a legacy id, as in the others",
	"SuspendJobs All":            "the reference leaves it out of an example, and clients choose by other parameters",
	"ResumeJobs All":             "as in SuspendJobs",
	"CancelJobs All":             "as in SuspendJobs",
}

// otherKind are the parameters whose kind is another than the documented.
var otherKind = map[string]string{
	"ModifyTTSConfig SpeechRate": "a number in a string, whose range the codec checks",
	"ModifyTTSConfig Volume":     "a number in a string, whose range the codec checks",
}

// moreParameters are the parameters that neither the reference nor the official
// SDK has.
var moreParameters = map[string]string{
	"ExportScript InReview": "asks for what is in review",

	"Dialogue Variables": "the values of @names, on a call's first request",
	"Dialogue TurnId":    "names the turn, so that a retry is safe",
	"Dialogue Debug":     "asks for Explain",

	"CreateGlobalQuestion Role": "what a SYSTEM question is for; without it the name or the order decides",
	"ModifyGlobalQuestion Role": "what a SYSTEM question is for; without it the name or the order decides",
}

// moreFields are the fields of answers that neither the reference nor the
// official SDK has. Official clients ignore them.
var moreFields = map[string]string{
	"Dialogue Feedback.FlowId":         "where the call rests",
	"Dialogue Feedback.NodeId":         "where the call rests",
	"Dialogue Feedback.SilenceTimeout": "when to report silence",
	"Dialogue Feedback.CollectDigits":  "whether to collect keys",
	"Dialogue Feedback.Digits":         "how to collect keys",
	"Dialogue Feedback.TurnId":         "that of the request",
	"Dialogue Feedback.Explain":        "how the words were understood",

	"ExportScript WaveformsLeftOut": "the recordings that a bundle has no place for",
	"ExportScript ReviewHash":       "what was exported, for ApproveScriptReview",

	"DescribeJobGroup Dialing": "why the group does not dial",
	"DescribeJobGroup Import":  "how far the jobs of a file have come",

	"ModifyDialogueFlow Diagnostics":                  "what the compiler says of the flow",
	"DescribeGlobalQuestion GlobalQuestion.Role":      "as it was given",
	"ListGlobalQuestions GlobalQuestions.List[].Role": "as it was given",
}
