package api

// The lists of what differs from testdata/openapi-facts.json on purpose. Each
// entry has its reason; one that is not needed any more is an error.

// pending are the documented actions that are not there yet.
var pending = []string{
	"CreateJobGroup", "DeleteJobGroup", "ModifyJobGroup", "DescribeJobGroup", "ListJobGroups",
	"AssignJobs", "StartJob", "CreateBatchJobs", "SubmitBatchJobs", "ModifyBatchJobs",
	"ListJobsByGroup", "ListJobs", "SuspendJobs", "ResumeJobs", "CancelJobs", "QueryJobs",
	"DescribeJob", "RecordFailure", "DescribeTagHitsSummary", "DownloadRecording",
}

// awaited may be there or not while they are being written.
var awaited = []string{
	"CreateInstance", "ListInstances", "DeleteInstance", "DescribeInstance", "ModifyInstance",
	"ModifyTTSConfig",
	"DescribeTTSConfig", "DescribeScriptVoiceConfig", "ListScriptVoiceConfigs",
	"CreateScriptWaveform", "DeleteScriptWaveform", "ModifyScriptVoiceConfig", "DescribeTTSDemo",
	"QueryScriptWaveforms", "CreateOutboundCallNumber", "DeleteOutboundCallNumber",
	"ModifyOutboundCallNumber", "ListOutboundCallNumbers", "ListTagResources", "TagResources",
	"UntagResources",
}

// extraActions are there beside the 73 of the reference.
var extraActions = map[string]string{
	"PublishScript":       "the official SDK has it: publishes without a review",
	"GenerateUploadUrl":   "the official SDK has it: where to put the file of a recording",
	"ApproveScriptReview": "an extension: the reference does not say how a review ends",
	"RejectScriptReview":  "an extension: the reference does not say how a review ends",
}

// optional are the parameters that the reference calls required and that may be
// absent; * stands for every action.
var optional = map[string]string{
	"* PageNumber":       "examples leave it out, and clients cannot send 0",
	"* PageSize":         "examples leave it out, and clients cannot send 0",
	"* RegionId":         "a common parameter, which this server has one region for",
	"Dialogue Utterance": "clients cannot send an empty one, which silence is",
}

// otherKind are the parameters whose kind is another than the documented.
var otherKind = map[string]string{}

// moreParameters are the parameters that neither the reference nor the official
// SDK has.
var moreParameters = map[string]string{
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

	"ModifyDialogueFlow Diagnostics":                  "what the compiler says of the flow",
	"DescribeGlobalQuestion GlobalQuestion.Role":      "as it was given",
	"ListGlobalQuestions GlobalQuestions.List[].Role": "as it was given",
}
