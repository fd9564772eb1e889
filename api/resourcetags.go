package api

import (
	"context"
	"strconv"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// resourceTagActions are the actions on the resource tags: tags of the account,
// for its own book-keeping, which have nothing to do with those of a script.
func (s *service) resourceTagActions() []rpc.Action {
	return []rpc.Action{
		act("ListTagResources", s.listTagResources),
		act("TagResources", s.tagResources),
		act("UntagResources", s.untagResources),
	}
}

// resourceType says what the ids are of; there is one region, so RegionId has
// no meaning here.
type resourceType struct {
	RegionID     string `rpc:"RegionId,max=64"`
	ResourceType string `rpc:"ResourceType,required,max=64"`
}

func (r *resourceType) check() error {
	if r.ResourceType != "instance" {
		return rpc.InvalidParameter("ResourceType", "It must be instance.")
	}
	return nil
}

// tagPair is a tag; in a search no value is any value.
type tagPair struct {
	Key   string `rpc:"Key,max=128"`
	Value string `rpc:"Value,max=128"`
}

func pairsOf(tags []tagPair) ([]store.TagPair, error) {
	pairs := make([]store.TagPair, len(tags))
	for i, tag := range tags {
		if tag.Key == "" {
			return nil, rpc.MissingParameter("Tag." + strconv.Itoa(i+1) + ".Key")
		}
		pairs[i] = store.TagPair(tag)
	}
	return pairs, nil
}

type listTagResourcesRequest struct {
	resourceType
	ResourceID []string  `rpc:"ResourceId,max=50,each=128"`
	Tag        []tagPair `rpc:"Tag,max=20"`
	NextToken  string    `rpc:"NextToken,max=2048"`
}

type listTagResourcesResponse struct {
	NextToken    string        `rpc:"NextToken"`
	TagResources []tagResource `rpc:"TagResources"`
}

type tagResource struct {
	ResourceID   string `rpc:"ResourceId"`
	ResourceType string `rpc:"ResourceType"`
	TagKey       string `rpc:"TagKey"`
	TagValue     string `rpc:"TagValue"`
}

func (s *service) listTagResources(ctx context.Context, req *listTagResourcesRequest) (*listTagResourcesResponse, error) {
	if err := req.check(); err != nil {
		return nil, err
	}
	pairs, err := pairsOf(req.Tag)
	if err != nil {
		return nil, err
	}
	rows, token, err := s.accounts.ResourceTags(ctx, req.ResourceID, pairs, req.NextToken)
	if err != nil {
		return nil, err
	}
	resp := &listTagResourcesResponse{NextToken: token, TagResources: make([]tagResource, len(rows))}
	for i, row := range rows {
		resp.TagResources[i] = tagResource{ResourceID: row.ResourceID, ResourceType: row.ResourceType, TagKey: row.TagKey, TagValue: row.TagValue}
	}
	return resp, nil
}

type tagResourcesRequest struct {
	resourceType
	ResourceID []string  `rpc:"ResourceId,required,max=50,each=128"`
	Tag        []tagPair `rpc:"Tag,max=20"`
}

func (s *service) tagResources(ctx context.Context, req *tagResourcesRequest) (*done, error) {
	if err := req.check(); err != nil {
		return nil, err
	}
	pairs, err := pairsOf(req.Tag)
	if err != nil {
		return nil, err
	}
	return &done{}, s.accounts.TagResources(ctx, req.ResourceID, pairs)
}

// untagResourcesRequest takes tags away; All counts where no TagKey is given.
type untagResourcesRequest struct {
	resourceType
	ResourceID []string `rpc:"ResourceId,required,max=50,each=128"`
	TagKey     []string `rpc:"TagKey,max=20,each=128"`
	All        bool     `rpc:"All"`
}

func (s *service) untagResources(ctx context.Context, req *untagResourcesRequest) (*done, error) {
	if err := req.check(); err != nil {
		return nil, err
	}
	return &done{}, s.accounts.UntagResources(ctx, req.ResourceID, req.TagKey, req.All)
}
