package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/voice"
)

// service holds what the actions on stored things are about. Each file of
// actions has its own list.
type service struct {
	accounts  *account.Accounts
	scripts   *script.Scripts
	drafts    *store.Store // What is in scripts is stored as it is given.
	voices    *voice.Voices
	files     *files.Files // nil: none are kept.
	campaigns *campaign.Campaigns

	legacySubmitted bool // Whether Submitted says the opposite of its name.
}

// ActionNames returns the names of all actions, which policies allow and deny.
func ActionNames() []string {
	names := []string{"Dialogue"}
	for _, action := range new(service).actions() {
		names = append(names, action.Name())
	}
	return names
}

// actions returns every action on stored things.
func (s *service) actions() []rpc.Action {
	return slices.Concat(
		s.instanceActions(),
		s.scriptActions(),
		s.reviewActions(),
		s.flowActions(),
		s.questionActions(),
		s.intentActions(),
		s.tagActions(),
		s.voiceActions(),
		s.waveformActions(),
		s.numberActions(),
		s.resourceTagActions(),
		s.jobGroupActions(),
		s.jobActions(),
		s.jobControlActions(),
		s.batchJobActions(),
		s.taskActions(),
		s.statisticsActions(),
		s.blockListActions(),
	)
}

// act is [rpc.Handle] for a function whose errors may be the store's.
func act[Req, Resp any](name string, do func(context.Context, *Req) (*Resp, error)) rpc.Action {
	return rpc.Handle(name, func(ctx context.Context, req *Req) (*Resp, error) {
		resp, err := do(ctx, req)
		if err != nil {
			return nil, answered(err)
		}
		return resp, nil
	})
}

// answered gives an error of the floors below its documented answer.
func answered(err error) error {
	var (
		missing *store.NotFoundError
		taken   *store.TakenError
		invalid *store.InvalidError
		absent  *store.MissingError
	)
	switch {
	case errors.As(err, &absent):
		return rpc.MissingParameter(absent.Parameter)
	case errors.Is(err, campaign.ErrNoFiles):
		return noFiles(err)
	case errors.Is(err, campaign.ErrNotPublished):
		return notPublished()
	case errors.Is(err, engine.ErrTooManyCalls):
		return rpc.TooManyConversations()
	case errors.As(err, &missing):
		return rpc.NotExist(missing.Thing)
	case errors.As(err, &taken):
		return rpc.Duplicated(taken.Field)
	case errors.As(err, &invalid):
		return rpc.InvalidParameter(invalid.Parameter, invalid.Allowed)
	case errors.Is(err, account.ErrOverQuota):
		return rpc.TooManyConversations()
	}
	if e := scriptError(err); e != nil {
		return e
	}
	return err
}

// oneOf returns the word that a value spells in whatever case.
func oneOf(parameter, value string, words ...string) (string, error) {
	for _, word := range words {
		if strings.EqualFold(value, word) {
			return word, nil
		}
	}
	return "", rpc.InvalidParameter(parameter, "It must be one of "+strings.Join(words, ", ")+".")
}

// texts returns a list as it is stored, without the empty ones at its end:
// examples of the reference, and so its clients, leave one there.
func texts(list []string) store.Texts {
	for len(list) > 0 && strings.TrimSpace(list[len(list)-1]) == "" {
		list = list[:len(list)-1]
	}
	return store.NewTexts(list)
}

// done is the answer of an action that has nothing to say but that it worked.
type done struct{}

// scriptKey names a script, as the requests of most actions do.
type scriptKey struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	ScriptID   string `rpc:"ScriptId,required,max=128"`
}

// pageRequest asks for a page of a list. The reference calls both required, but
// official clients cannot send a page of 0 and its own examples leave them out.
type pageRequest struct {
	PageNumber int `rpc:"PageNumber,min=1,default=1"`
	PageSize   int `rpc:"PageSize,min=1,max=100,default=10"`
}

func (p pageRequest) page() store.Page { return store.Page{Number: p.PageNumber, Size: p.PageSize} }

// answer says which page it was and how long the whole list is.
func (p pageRequest) answer(total int) pageResponse {
	return pageResponse{PageNumber: p.PageNumber, PageSize: p.PageSize, TotalCount: total}
}

type pageResponse struct {
	PageNumber int `rpc:"PageNumber"`
	PageSize   int `rpc:"PageSize"`
	TotalCount int `rpc:"TotalCount"`
}
