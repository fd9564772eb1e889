package api

import (
	"context"
	"strings"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/session"
)

// taskActions are the actions by which a call centre tells of the calls it
// places, and by which others look at one.
func (s *service) taskActions() []rpc.Action {
	return []rpc.Action{
		act("RecordFailure", s.recordFailure),
		act("TaskPreparing", s.taskPreparing),
		act("InflightTaskTimeout", s.inflightTaskTimeout),
		act("SubmitRecording", s.submitRecording),
		act("TerminateCall", s.terminateCall),
		act("GetTaskByUuid", s.getTaskByUUID),
		act("DownloadRecording", s.downloadRecording),
	}
}

// taskKey names a task, as a call centre does.
type taskKey struct {
	InstanceID      string `rpc:"InstanceId,required,max=128"`
	InstanceOwnerID string `rpc:"InstanceOwnerId,max=64"` // Sent by official clients; without meaning here.
	TaskID          string `rpc:"TaskId,required,max=128"`
}

// recordFailureRequest tells of a call that did not come about.
type recordFailureRequest struct {
	taskKey
	ActualTime      int64  `rpc:"ActualTime,required,min=0,max=253402300799999"`
	CalledNumber    string `rpc:"CalledNumber,required,max=64"`
	CallID          string `rpc:"CallId,required,max=128"`
	CallingNumber   string `rpc:"CallingNumber,required,max=64"`
	DispositionCode string `rpc:"DispositionCode,required,max=64"`
	ExceptionCodes  string `rpc:"ExceptionCodes,max=512"`
}

// dispositions are the codes of a call centre, without case, and the reason
// that each stands for.
var dispositions = map[string]campaign.Reason{
	"notexists":    campaign.NotExists,
	"busy":         campaign.Busy,
	"notanswered":  campaign.NoAnswer,
	"noanswer":     campaign.NoAnswer,
	"rejected":     campaign.Rejected,
	"poweredoff":   campaign.PoweredOff,
	"outofservice": campaign.OutOfService,
	"inarrears":    campaign.InArrears,
	"gatewayerror": campaign.GatewayError,
}

func (s *service) recordFailure(ctx context.Context, req *recordFailureRequest) (*done, error) {
	reason, ok := dispositions[strings.ToLower(req.DispositionCode)]
	if !ok {
		return nil, rpc.InvalidParameter("DispositionCode",
			"It must be NotExists, Busy, NotAnswered, Rejected, PoweredOff, OutOfService, InArrears or GatewayError.")
	}
	return &done{}, s.campaigns.Failed(ctx, req.InstanceID, req.TaskID, campaign.Failure{
		Reason: reason, CallID: req.CallID, Dialed: time.UnixMilli(req.ActualTime),
	})
}

type taskPreparingRequest struct {
	InstanceID      string `rpc:"InstanceId,required,max=128"`
	InstanceOwnerID string `rpc:"InstanceOwnerId,max=64"`
	JobID           string `rpc:"JobId,required,max=128"`
}

type taskPreparingResponse struct {
	TaskID string `rpc:"TaskId"`
}

// taskPreparing names the task of a job that is being called.
func (s *service) taskPreparing(ctx context.Context, req *taskPreparingRequest) (*taskPreparingResponse, error) {
	id, err := s.campaigns.OpenTask(ctx, req.InstanceID, req.JobID)
	if err != nil {
		return nil, err
	}
	return &taskPreparingResponse{id}, nil
}

func (s *service) inflightTaskTimeout(ctx context.Context, req *taskKey) (*done, error) {
	return &done{}, s.campaigns.TimedOut(ctx, req.InstanceID, req.TaskID)
}

// submitRecordingRequest names files as GenerateUploadUrl did, or URLs.
type submitRecordingRequest struct {
	taskKey
	MergedRecording   string `rpc:"MergedRecording,max=4096"`
	ResourceRecording string `rpc:"ResourceRecording,max=4096"`
}

func (s *service) submitRecording(ctx context.Context, req *submitRecordingRequest) (*done, error) {
	return &done{}, s.campaigns.Recorded(ctx, req.InstanceID, req.TaskID, req.MergedRecording, req.ResourceRecording)
}

type terminateCallRequest struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	CallID     string `rpc:"CallId,required,max=128"`
}

func (s *service) terminateCall(ctx context.Context, req *terminateCallRequest) (*done, error) {
	return &done{}, s.campaigns.Terminate(ctx, req.InstanceID, req.CallID)
}

type getTaskRequest struct {
	InstanceID        string `rpc:"InstanceId,required,max=128"`
	TaskID            string `rpc:"TaskId,required,max=128"`
	WithConversations bool   `rpc:"WithConversations"`
}

// getTaskResponse shows a task under the names and kinds that official clients
// have for this action alone. Conversation is an extension.
type getTaskResponse struct {
	Task         oneTask     `rpc:"Task"`
	Conversation []utterance `rpc:"Conversation"`
}

type oneTask struct {
	ActualTime    int64  `rpc:"ActualTime"`
	CallID        string `rpc:"CallId"`
	CalledNumber  string `rpc:"CalledNumber"`
	CallingNumber string `rpc:"CallingNumber"`
	EndReason     int    `rpc:"EndReason"` // As in session.EndReason; 0 without a conversation.
	EndTime       int64  `rpc:"EndTime"`
	ID            string `rpc:"Id"`
	InstanceID    string `rpc:"InstanceId"`
	JobGroupID    string `rpc:"JobGroupId"`
	JobID         string `rpc:"JobId"`
	PlannedTime   int64  `rpc:"PlannedTime"`
}

func (s *service) getTaskByUUID(ctx context.Context, req *getTaskRequest) (*getTaskResponse, error) {
	job, t, report, err := s.campaigns.Task(ctx, req.InstanceID, req.TaskID, req.WithConversations)
	if err != nil {
		return nil, err
	}
	return &getTaskResponse{oneTask{
		ActualTime: t.ActualAt, CallID: t.CallID, CalledNumber: t.CalledNumber, CallingNumber: t.CallingNumber,
		EndReason: int(session.ParseEndReason(t.EndReason)), EndTime: t.EndedAt, ID: t.ID, InstanceID: t.InstanceID,
		JobGroupID: t.GroupID, JobID: t.JobID, PlannedTime: t.PlannedAt,
	}, taskOf(job, t, "", report).Conversation}, nil
}

type downloadRecordingRequest struct {
	InstanceID              string `rpc:"InstanceId,required,max=128"`
	TaskID                  string `rpc:"TaskId,required,max=128"`
	NeedVoiceSliceRecording bool   `rpc:"NeedVoiceSliceRecording"` // There are no slices.
}

type downloadRecordingResponse struct {
	DownloadParams recordingParams `rpc:"DownloadParams"`
}

type recordingParams struct {
	FileName     string `rpc:"FileName"`
	SignatureURL string `rpc:"SignatureUrl"`
}

func (s *service) downloadRecording(ctx context.Context, req *downloadRecordingRequest) (*downloadRecordingResponse, error) {
	name, url, err := s.campaigns.Recording(ctx, req.InstanceID, req.TaskID)
	if err != nil {
		return nil, err
	}
	return &downloadRecordingResponse{recordingParams{FileName: name, SignatureURL: url}}, nil
}
