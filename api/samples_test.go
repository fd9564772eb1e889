package api

// worldStep is a request on the way to a world, with what to keep of its
// answer.
type worldStep struct {
	action     string
	parameters []string
	keep       map[string][]any // Paths in the answer, by the word in samples.
}

// ofInstance and ofScript begin the parameters of many requests.
var (
	ofInstance = []string{"InstanceId", "$instance"}
	ofScript   = plus(ofInstance, "ScriptId", "$script")
	ofReviewed = plus(ofInstance, "ScriptId", "$reviewed")
	onPage     = []string{"PageNumber", "1", "PageSize", "10"}
)

func plus(base []string, more ...string) []string { return append(base[:len(base):len(base)], more...) }

var worldSteps = []worldStep{
	{"CreateInstance", []string{"InstanceName", "world $mark", "MaxConcurrentConversation", "5", "InstanceDescription", "$mark"},
		map[string][]any{"$instance": {"Instance", "InstanceId"}}},
	{"CreateInstance", []string{"InstanceName", "other $mark", "MaxConcurrentConversation", "1"},
		map[string][]any{"$otherInstance": {"Instance", "InstanceId"}}},
	{"CreateScript", plus(ofInstance, "ScriptName", "script $mark", "Industry", "教育 $mark", "Scene", "回访 $mark", "ScriptDescription", "$mark"),
		map[string][]any{"$script": {"Script", "ScriptId"}}},
	{"CreateScript", plus(ofInstance, "ScriptName", "other $mark", "Industry", "教育", "Scene", "回访"),
		map[string][]any{"$otherScript": {"Script", "ScriptId"}}},
	{"CreateDialogueFlow", plus(ofScript, "DialogueName", "main $mark", "DialogueFlowType", "MainFlow"),
		map[string][]any{"$flow": {"DialogueFlowId"}}},
	{"ModifyDialogueFlow", plus(ofScript, "DialogueFlowId", "$flow", "DialogueFlowDefinition", "$definition"), nil},
	{"CreateIntent", plus(ofScript, "IntentName", "知道了", "IntentDescription", "$mark", "Utterances", `["知道了","$mark"]`, "Keywords", `["明白"]`),
		map[string][]any{"$intent": {"IntentId"}}},
	{"CreateIntent", plus(ofScript, "IntentName", "other $mark", "Utterances", `["说别的"]`),
		map[string][]any{"$otherIntent": {"IntentId"}}},
	{"CreateGlobalQuestion", plus(ofScript, "GlobalQuestionName", "question $mark", "GlobalQuestionType", "COMMON",
		"Questions", `["你是谁","$mark"]`, "Answers", `["我是小苗 $mark"]`),
		map[string][]any{"$question": {"GlobalQuestionId"}}},
	{"CreateGlobalQuestion", plus(ofScript, "GlobalQuestionName", "other $mark", "GlobalQuestionType", "COMMON",
		"Questions", `["几点了"]`, "Answers", `["三点"]`), nil},
	{"CreateTag", plus(ofScript, "TagGroup", "group $mark", "TagName", "tag $mark"), map[string][]any{"$tag": {"TagId"}}},
	{"CreateOutboundCallNumber", plus(ofInstance, "Number", "95187", "RateLimitCount", "10", "RateLimitPeriod", "60"),
		map[string][]any{"$number": {"OutboundCallNumberId"}}},
	{"TagResources", []string{"RegionId", "cn-shanghai", "ResourceType", "instance", "ResourceId.1", "$instance", "Tag.1.Key", "team", "Tag.1.Value", "$mark"}, nil},
	{"GenerateUploadUrl", []string{"FileName", "$mark.wav"}, map[string][]any{"$file": {"Data", "FileId"}, "$upload": {"Data", "UploadUrl"}}},
	{"CreateScriptWaveform", plus(ofScript, "FileId", "$file", "FileName", "$mark.wav", "ScriptContent", "$mark，听明白了吗？"),
		map[string][]any{"$waveform": {"ScriptWaveformId"}}},
	{"ListScriptVoiceConfigs", ofScript, map[string][]any{"$voice": {"ScriptVoiceConfigs", "List", 0, "ScriptVoiceConfigId"}}},
	{"ListScriptVoiceConfigs", plus(ofInstance, "ScriptId", "$otherScript"), nil}, // Derives them.
	{"PublishScriptForDebug", ofScript, nil},
	{"PublishScript", plus(ofScript, "Description", "first $mark"), nil},
	{"ListScriptPublishHistories", ofScript, map[string][]any{"$version": {"ScriptPublishHistories", "List", 0, "ScriptVersion"}}},
	{"ExportScript", ofScript, map[string][]any{"$exported": {"DownloadParams", "SignatureUrl"}}},
	{"DuplicateScript", plus(ofInstance, "SourceScriptId", "$script", "Name", "review $mark"),
		map[string][]any{"$reviewed": {"ScriptId"}}},
	{"SubmitScriptReview", plus(ofReviewed, "Description", "about $mark"), nil},
	{"CreateJobGroup", plus(ofInstance, "JobGroupName", "group $mark", "JobGroupDescription", "about $mark", "ScriptId", "$script"),
		map[string][]any{"$group": {"JobGroup", "JobGroupId"}}},
	{"AssignJobs", plus(ofGroup, "JobsJson.1", person), map[string][]any{"$job": {"JobsId", 0}}},
	{"StartJob", plus(ofGroup, "JobJson", person), map[string][]any{"$task": {"TaskIds", 0, "Value"}}},
	{"ListJobsByGroup", ofGroup, map[string][]any{"$called": {"Jobs", "List", 0, "JobId"}}},
	{"SubmitRecording", plus(ofInstance, "TaskId", "$task", "MergedRecording", "https://recordings.example/$mark.wav"), nil},
	{"StartJob", plus(ofGroup, "JobJson", person), map[string][]any{"$failed": {"TaskIds", 0, "Value"}}},
	{"CreateJobGroupExportTask", ofGroup, map[string][]any{"$export": {"TaskId"}}},
	{"SaveContactBlockList", plus(ofInstance, "ContactBlockListList.1", "13911111111"), nil},
	{"GetContactBlockList", ofInstance, map[string][]any{"$blocked": {"ContactBlocklistList", "List", 0, "ContactBlockListId"}}},
	{"RecordFailure", plus(ofInstance, "TaskId", "$failed", "ActualTime", "1", "CalledNumber", "1", "CallingNumber", "1",
		"CallId", "failed-$mark", "DispositionCode", "Busy"), nil},
}

// ofGroup begins the parameters of what is done to a job group.
var ofGroup = plus(ofInstance, "JobGroupId", "$group")

// person is somebody to be called.
const person = `{"contacts":[{"phonenumber":"13800000000","name":"王芳","referenceId":"$mark"}],"extras":[{"key":"amount","value":"1280"}]}`

// samples has a request of every action that succeeds in a world. Words that
// begin with $ stand for things in it.
var samples = map[string][]string{
	"CreateInstance":   {"InstanceName", "new $mark", "MaxConcurrentConversation", "5", "InstanceDescription", "about $mark"},
	"ListInstances":    {},
	"DescribeInstance": ofInstance,
	"ModifyInstance":   plus(ofInstance, "InstanceName", "new $mark", "MaxConcurrentConversation", "6", "InstanceDescription", "about $mark"),
	"DeleteInstance":   ofInstance,

	"CreateScript":               plus(ofInstance, "ScriptName", "new $mark", "Industry", "教育", "Scene", "回访", "ScriptDescription", "about $mark"),
	"ModifyScript":               plus(ofScript, "ScriptName", "new $mark", "Industry", "教育", "Scene", "回访", "ScriptDescription", "about $mark"),
	"DescribeScript":             ofScript,
	"ListScripts":                plus(ofInstance, onPage...),
	"QueryScriptsByStatus":       plus(ofInstance, plus(onPage, "StatusList.1", "PUBLISHED", "StatusList.2", "DRAFTED")...),
	"DuplicateScript":            plus(ofInstance, "SourceScriptId", "$script", "Name", "new $mark"),
	"ExportScript":               ofScript,
	"ImportScript":               {"InstanceId", "$otherInstance", "SignatureUrl", "$exported"},
	"ListScriptPublishHistories": plus(ofScript, onPage...),
	"RollbackScript":             plus(ofScript, "RollbackVersion", "$version"),
	"PublishScript":              plus(ofScript, "Description", "about $mark"),
	"PublishScriptForDebug":      ofScript,
	"WithdrawScriptReview":       ofReviewed,
	"ApproveScriptReview":        ofReviewed,
	"RejectScriptReview":         plus(ofReviewed, "RejectReason", "not $mark"),
	"SubmitScriptReview":         plus(ofScript, "Description", "about $mark"),
	"DeleteScript":               ofScript,

	"CreateDialogueFlow": plus(ofScript, "DialogueName", "new $mark", "DialogueFlowType", "SubFlow"),
	"ModifyDialogueFlow": plus(ofScript, "DialogueFlowId", "$flow", "DialogueFlowDefinition", "$definition"),
	"ListDialogueFlows":  ofScript,
	"DeleteDialogueFlow": plus(ofScript, "DialogueFlowId", "$flow"),

	"CreateGlobalQuestion": plus(ofScript, "GlobalQuestionName", "new $mark", "GlobalQuestionType", "COMMON",
		"Questions", `["在哪"]`, "Answers", `["在这里"]`),
	"ModifyGlobalQuestion": plus(ofScript, "GlobalQuestionId", "$question", "GlobalQuestionName", "new $mark", "GlobalQuestionType", "COMMON",
		"Questions", `["在哪"]`, "Answers", `["在这里"]`),
	"DescribeGlobalQuestion": plus(ofScript, "GlobalQuestionId", "$question"),
	"ListGlobalQuestions":    plus(ofScript, onPage...),
	"DeleteGlobalQuestion":   plus(ofScript, "GlobalQuestionId", "$question"),

	"CreateIntent":   plus(ofScript, "IntentName", "new $mark", "IntentDescription", "about", "Utterances", `["好的"]`, "Keywords", `["好"]`),
	"ModifyIntent":   plus(ofScript, "IntentId", "$intent", "IntentName", "new $mark", "IntentDescription", "about", "Utterances", `["好的"]`, "Keywords", `["好"]`),
	"DescribeIntent": plus(ofScript, "IntentId", "$intent"),
	"ListIntents":    plus(ofScript, plus(onPage, "Keyword", "知道")...),
	"DeleteIntent":   plus(ofScript, "IntentId", "$otherIntent"),

	"CreateTag":       plus(ofScript, "TagGroup", "new $mark", "TagName", "new $mark"),
	"ListTags":        ofScript,
	"ModifyTagGroups": plus(ofScript, "TagGroups", `[{"TagGroup":"new"}]`, "Tags", `[{"TagGroup":"new","TagName":"a"}]`),

	"ModifyTTSConfig":           plus(ofScript, "Voice", "xiaoyun", "SpeechRate", "50", "Volume", "50"),
	"DescribeTTSConfig":         ofScript,
	"ListScriptVoiceConfigs":    plus(ofScript, onPage...),
	"DescribeScriptVoiceConfig": plus(ofScript, "ScriptVoiceConfigId", "$voice"),
	"ModifyScriptVoiceConfig":   plus(ofScript, "ScriptVoiceConfigId", "$voice", "Type", "TTS"),
	"CreateScriptWaveform":      plus(ofScript, "FileId", "$file", "FileName", "new.wav", "ScriptContent", "听明白了吗？"),
	"QueryScriptWaveforms":      plus(ofScript, "ScriptContent", "$mark，听明白了吗？"),
	"DeleteScriptWaveform":      plus(ofScript, "ScriptWaveformId", "$waveform"),
	"DescribeTTSDemo":           plus(ofScript, "Text", "您好", "Voice", "xiaoyun", "SpeechRate", "0", "Volume", "50"),
	"GenerateUploadUrl":         {"FileName", "new.wav", "Key", "new.wav"},

	"CreateOutboundCallNumber": plus(ofInstance, "Number", "02112345678", "RateLimitCount", "10", "RateLimitPeriod", "60"),
	"ModifyOutboundCallNumber": plus(ofInstance, "OutboundCallNumberId", "$number", "Number", "02112345679", "RateLimitCount", "11", "RateLimitPeriod", "61"),
	"ListOutboundCallNumbers":  plus(ofInstance, onPage...),
	"DeleteOutboundCallNumber": plus(ofInstance, "OutboundCallNumberId", "$number"),

	"TagResources": {"RegionId", "cn-shanghai", "ResourceType", "instance", "ResourceId.1", "$instance",
		"Tag.1.Key", "owner", "Tag.1.Value", "new $mark"},
	"ListTagResources": {"RegionId", "cn-shanghai", "ResourceType", "instance", "ResourceId.1", "$instance"},
	"UntagResources":   {"RegionId", "cn-shanghai", "ResourceType", "instance", "ResourceId.1", "$instance", "TagKey.1", "team"},

	"CreateJobGroup": plus(ofInstance, "JobGroupName", "new $mark", "JobGroupDescription", "about $mark", "ScriptId", "$script",
		"StrategyJson", `{"maxAttemptsPerDay":1}`, "CallingNumber.1", "95187", "RecallStrategyJson", `{"emptyNumberIgnore":true}`,
		"RingingDuration", "30", "Priority", "1", "MinConcurrency", "1", "ScenarioId", "scene"),
	"ModifyJobGroup":   plus(ofGroup, "Name", "new $mark", "Description", "about $mark", "ScenarioId", "scene", "StrategyJson", `{"maxAttemptsPerDay":1}`),
	"DescribeJobGroup": ofGroup,
	"ListJobGroups":    plus(ofInstance, plus(onPage, "SearchText", "$mark", "StartTime", "1", "EndTime", "2000000000000")...),
	"DeleteJobGroup":   ofGroup,

	"AssignJobs":      plus(ofGroup, "JobsJson.1", person, "StrategyJson", `{"maxAttemptsPerDay":1}`, "CallingNumber.1", "95187"),
	"StartJob":        plus(ofInstance, "ScriptId", "$script", "JobJson", person, "CallingNumber.1", "95187"),
	"ListJobsByGroup": plus(ofGroup, plus(onPage, "JobStatus", "Scheduling")...),
	"ListJobs":        plus(ofInstance, "JobId.1", "$job"),
	"QueryJobs":       plus(ofInstance, plus(onPage, "JobGroupId", "$group", "ContactName", "王芳", "PhoneNumber", "13800000000", "TimeAlignment", "job_create", "StartTime", "1", "EndTime", "2000000000000")...),
	"DescribeJob":     plus(ofInstance, "JobId", "$job"),
	"SuspendJobs":     plus(ofGroup, "All", "false", "JobId.1", "$job"),
	"ResumeJobs":      plus(ofGroup, "All", "false"),
	"CancelJobs":      plus(ofGroup, "All", "false", "JobReferenceId.1", "$mark"),

	"RecordFailure": plus(ofInstance, "TaskId", "$task", "ActualTime", "1", "CalledNumber", "13800000000", "CallingNumber", "95187",
		"CallId", "call-of-$mark", "DispositionCode", "NotAnswered"),
	"TaskPreparing":          plus(ofInstance, "JobId", "$called"),
	"InflightTaskTimeout":    plus(ofInstance, "TaskId", "$task"),
	"SubmitRecording":        plus(ofInstance, "TaskId", "$task", "MergedRecording", "https://recordings.example/new.wav"),
	"TerminateCall":          plus(ofInstance, "CallId", "failed-$mark"),
	"GetTaskByUuid":          plus(ofInstance, "TaskId", "$task", "WithConversations", "true"),
	"DownloadRecording":      plus(ofInstance, "TaskId", "$task"),
	"DescribeTagHitsSummary": ofGroup,

	"CreateBatchJobs": plus(ofInstance, "BatchJobName", "new $mark", "BatchJobDescription", "about $mark", "ScriptId", "$script", "Submitted", "true",
		"StrategyJson", `{"maxAttemptsPerDay":1}`, "CallingNumber.1", "95187"),
	"SubmitBatchJobs": ofGroup,
	"ModifyBatchJobs": plus(ofGroup, "BatchJobName", "new $mark", "ScenarioId", "scene", "Submitted", "true"),

	"CreateJobGroupExportTask":           ofGroup,
	"DescribeJobGroupExportTaskProgress": plus(ofInstance, "TaskId", "$export"),

	"DescribeGroupExecutingInfo":     ofGroup,
	"DescribeDialogueNodeStatistics": plus(ofGroup, "Limit", "10"),
	"DescribeIntentStatistics":       plus(ofGroup, "Limit", "10"),

	"GetContactBlockList":    plus(ofInstance, onPage...),
	"SaveContactBlockList":   plus(ofInstance, "ContactBlockListsJson", `[{"phoneNumber":"13900000000","name":"new $mark","remark":"about $mark"}]`),
	"DeleteContactBlockList": plus(ofInstance, "ContactBlockListId", "$blocked"),

	"Dialogue": plus(ofInstance, "ScriptId", "$script", "CallId", "call-$mark", "CallType", "Outbound",
		"CalledNumber", "13800000000", "CallingNumber", "95187", "Utterance", "知道了", "ActionKey", "None", "ActionParams", "1",
		"TurnId", "turn-1", "Variables", `{"name":"王芳"}`),
}
