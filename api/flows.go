package api

import (
	"context"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// flowActions are the actions on the dialogue flows.
func (s *service) flowActions() []rpc.Action {
	return []rpc.Action{
		act("CreateDialogueFlow", s.createFlow),
		act("DeleteDialogueFlow", s.deleteFlow),
		act("ModifyDialogueFlow", s.modifyFlow),
		act("ListDialogueFlows", s.listFlows),
	}
}

// emptyFlow is the definition of a new flow. Every flow has exactly one Start
// node and editors begin to draw there, so a new flow has it already; the first
// thing left to do is a transition from it, and the diagnostics say so.
const emptyFlow = `{"nodes":[{"id":"start","type":"Start"}],"transitions":[]}`

type flowKey struct {
	scriptKey
	FlowID string `rpc:"DialogueFlowId,required,is=id"`
}

type createFlowRequest struct {
	scriptKey
	Type string `rpc:"DialogueFlowType,required,max=16"`
	Name string `rpc:"DialogueName,required,is=name"`
}

type createFlowResponse struct {
	FlowID string `rpc:"DialogueFlowId"`
}

func (s *service) createFlow(ctx context.Context, req *createFlowRequest) (*createFlowResponse, error) {
	kind, err := oneOf("DialogueFlowType", req.Type, store.MainFlow, store.SubFlow)
	if err != nil {
		return nil, err
	}
	id, err := s.drafts.CreateFlow(ctx, req.InstanceID, req.ScriptID, store.Flow{Name: req.Name, Type: kind, Definition: emptyFlow})
	return &createFlowResponse{id}, err
}

func (s *service) deleteFlow(ctx context.Context, req *flowKey) (*done, error) {
	return &done{}, s.drafts.DeleteFlow(ctx, req.InstanceID, req.ScriptID, req.FlowID)
}

type modifyFlowRequest struct {
	flowKey
	Definition string `rpc:"DialogueFlowDefinition,required,max=2097152,text"` // In bytes that is 2 MiB, which flow checks.
	// IsDrafted is what clients may say of the script afterwards. It is a draft
	// then, whatever they say.
	IsDrafted bool `rpc:"IsDrafted"`
}

type modifyFlowResponse struct {
	FlowID      string       `rpc:"DialogueFlowId"`
	Definition  string       `rpc:"DialogueFlowDefinition"`
	Diagnostics []diagnostic `rpc:"Diagnostics"` // None of them keeps a draft from being stored.
}

func (s *service) modifyFlow(ctx context.Context, req *modifyFlowRequest) (*modifyFlowResponse, error) {
	if err := flow.CheckDefinition(req.Definition); err != nil {
		return nil, rpc.InvalidParameter("DialogueFlowDefinition", "It must be a JSON object with nodes and transitions; "+err.Error()+".")
	}
	if err := s.drafts.SetFlowDefinition(ctx, req.InstanceID, req.ScriptID, req.FlowID, req.Definition); err != nil {
		return nil, err
	}
	found, err := s.scripts.CheckFlow(ctx, req.InstanceID, req.ScriptID, req.FlowID)
	return &modifyFlowResponse{req.FlowID, req.Definition, diagnosticsOf(found)}, err
}

type listFlowsResponse struct {
	Flows []listedFlow `rpc:"DialogueFlows"`
}

// listedFlow has each thing under two names: the reference's tables and its
// examples disagree.
type listedFlow struct {
	ScriptID      string `rpc:"ScriptId"`
	ScriptVersion string `rpc:"ScriptVersion"` // The applied version; empty before one was published.
	FlowID        string `rpc:"DialogueFlowId"`
	Name          string `rpc:"DialogueFlowName"`
	Type          string `rpc:"DialogueFlowType"`
	Definition    string `rpc:"DialogueFlowDefinition"`

	AliasID         string `rpc:"Id"`
	AliasName       string `rpc:"Name"`
	AliasType       string `rpc:"FlowType"`
	AliasDefinition string `rpc:"FlowDefinition"`
}

func (s *service) listFlows(ctx context.Context, req *scriptKey) (*listFlowsResponse, error) {
	script, flows, err := s.drafts.Flows(ctx, req.InstanceID, req.ScriptID)
	if err != nil {
		return nil, err
	}
	version := versionText(script.AppliedVersion)
	resp := &listFlowsResponse{Flows: make([]listedFlow, len(flows))}
	for i, f := range flows {
		resp.Flows[i] = listedFlow{
			f.ScriptID, version, f.ID, f.Name, f.Type, f.Definition,
			f.ID, f.Name, f.Type, f.Definition,
		}
	}
	return resp, nil
}
