package api

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/talkgraph/talkgraph/internal/bounds"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// tagActions are the actions on the tags.
func (s *service) tagActions() []rpc.Action {
	return []rpc.Action{
		act("CreateTag", s.createTag),
		act("ModifyTagGroups", s.modifyTags),
		act("ListTags", s.listTags),
	}
}

type createTagRequest struct {
	scriptKey
	Group string `rpc:"TagGroup,required,is=name"`
	Name  string `rpc:"TagName,required,is=name"`
}

type createTagResponse struct {
	TagID string `rpc:"TagId"`
}

func (s *service) createTag(ctx context.Context, req *createTagRequest) (*createTagResponse, error) {
	id, err := s.drafts.CreateTag(ctx, req.InstanceID, req.ScriptID, req.Group, req.Name)
	return &createTagResponse{id}, err
}

// modifyTagsRequest has the whole of a script's groups and tags: what it leaves
// out is removed.
type modifyTagsRequest struct {
	scriptKey
	Groups string `rpc:"TagGroups,required,max=16777216,text"` // A JSON array of givenGroup.
	Tags   string `rpc:"Tags,required,max=16777216,text"`      // A JSON array of givenTag.
}

// givenGroup is a group as clients give it. One without an Id is new. Groups
// are put in the order of their indexes, those with the same one, or none, in
// the order in which they are listed.
type givenGroup struct {
	ID       string `json:"Id"`
	ScriptID string `json:"ScriptId"`
	Name     string `json:"TagGroup"`
	Index    int64  `json:"TagGroupIndex"`
}

// givenTag is a tag as clients give it, likewise.
type givenTag struct {
	ID       string `json:"Id"`
	ScriptID string `json:"ScriptId"`
	Group    string `json:"TagGroup"`
	Name     string `json:"TagName"`
	Index    int64  `json:"TagIndex"`
}

func (s *service) modifyTags(ctx context.Context, req *modifyTagsRequest) (*tagsResponse, error) {
	groups, err := req.groups()
	if err != nil {
		return nil, err
	}
	tags, err := req.tags()
	if err != nil {
		return nil, err
	}
	if err := s.drafts.SetTags(ctx, req.InstanceID, req.ScriptID, groups, tags); err != nil {
		return nil, err
	}
	return tagsOf(groups, tags), nil
}

func (req *modifyTagsRequest) groups() ([]store.TagGroup, error) {
	const parameter = "TagGroups"
	given, err := items[givenGroup](parameter, req.Groups)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(given, func(a, b givenGroup) int { return cmp.Compare(a.Index, b.Index) })
	groups := make([]store.TagGroup, len(given))
	for i, g := range given {
		// A bundle may have tags without a group, which are in one without a name.
		if err := checkItem(parameter, req.ScriptID, g.ScriptID, g.ID, g.Name); err != nil {
			return nil, err
		}
		groups[i] = store.TagGroup{ID: g.ID, Name: g.Name}
	}
	return groups, nil
}

func (req *modifyTagsRequest) tags() ([]store.Tag, error) {
	const parameter = "Tags"
	given, err := items[givenTag](parameter, req.Tags)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(given, func(a, b givenTag) int { return cmp.Compare(a.Index, b.Index) })
	tags := make([]store.Tag, len(given))
	for i, g := range given {
		if err := checkItem(parameter, req.ScriptID, g.ScriptID, g.ID, g.Group, g.Name); err != nil {
			return nil, err
		}
		if g.Name == "" {
			return nil, rpc.InvalidParameter(parameter, "Every item needs a TagName.")
		}
		tags[i] = store.Tag{ID: g.ID, GroupName: g.Group, Name: g.Name}
	}
	return tags, nil
}

// items reads a JSON array of objects.
func items[Item any](parameter, text string) ([]Item, error) {
	var given []*Item
	if err := json.Unmarshal([]byte(text), &given); err != nil || given == nil || slices.Contains(given, nil) {
		return nil, rpc.InvalidParameter(parameter, "It must be a JSON array of objects such as ListTags answers, with Id instead of TagGroupId and TagId.")
	}
	list := make([]Item, len(given))
	for i, item := range given {
		list[i] = *item
	}
	return list, nil
}

// checkItem refuses an item of another script, and an id and names that nothing
// else would take.
func checkItem(parameter, script, itemScript, id string, names ...string) error {
	if itemScript != "" && itemScript != script {
		return rpc.InvalidParameter(parameter, "Every item must be of the script that ScriptId names.")
	}
	if problem := bounds.ID.Problem(id); problem != "" {
		return rpc.InvalidParameter(parameter, "An Id in it "+problem+".")
	}
	for _, name := range names {
		if problem := bounds.Name.Problem(name); problem != "" {
			return rpc.InvalidParameter(parameter, "A name in it "+problem+".")
		}
	}
	return nil
}

type tagsResponse struct {
	Groups []tagGroup `rpc:"TagGroups"`
	Tags   []tag      `rpc:"Tags"`
}

type tagGroup struct {
	ScriptID string `rpc:"ScriptId"`
	GroupID  string `rpc:"TagGroupId"`
	Name     string `rpc:"TagGroup"`
	Index    int    `rpc:"TagGroupIndex"` // From 0.
}

type tag struct {
	ScriptID string `rpc:"ScriptId"`
	TagID    string `rpc:"TagId"`
	Group    string `rpc:"TagGroup"`
	Name     string `rpc:"TagName"`
	Index    int    `rpc:"TagIndex"` // From 0, over all groups.
}

func (s *service) listTags(ctx context.Context, req *scriptKey) (*tagsResponse, error) {
	groups, tags, err := s.drafts.Tags(ctx, req.InstanceID, req.ScriptID)
	if err != nil {
		return nil, err
	}
	return tagsOf(groups, tags), nil
}

func tagsOf(groups []store.TagGroup, tags []store.Tag) *tagsResponse {
	resp := &tagsResponse{make([]tagGroup, len(groups)), make([]tag, len(tags))}
	for i, g := range groups {
		resp.Groups[i] = tagGroup{g.ScriptID, g.ID, g.Name, int(g.Position)}
	}
	for i, t := range tags {
		resp.Tags[i] = tag{t.ScriptID, t.ID, t.GroupName, t.Name, int(t.Position)}
	}
	return resp
}
