package files

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
	"gocloud.dev/blob/s3blob"
)

// How uploads and downloads are checked, in the URL of a bucket.
const (
	checkRequests  = "request_checksum_calculation"
	checkResponses = "response_checksum_validation"
)

// abortLimit bounds how long it may take to have the parts deleted of an upload
// that broke off.
const abortLimit = 30 * time.Second

// openS3 opens the URL of an S3 bucket. AWS gets uploads in chunks with a
// checksum behind them, as its SDK has it. Storage of others often refuses
// these, or keeps the chunks for the bytes of the file, so where the URL names
// an endpoint, and does not say otherwise, an upload is just its bytes.
func openS3(ctx context.Context, u *url.URL) (*bucket, error) {
	query := u.Query()
	plain := query.Has("endpoint") && !query.Has(checkRequests)
	if plain {
		query.Set(checkRequests, "when_required")
		if !query.Has(checkResponses) {
			query.Set(checkResponses, "when_required")
		}
		u.RawQuery = query.Encode()
	}
	opened, err := new(s3blob.URLOpener).OpenBucketURL(ctx, u)
	if err != nil {
		return nil, err
	}
	var client *s3.Client
	if !opened.As(&client) {
		return nil, errors.Join(errors.New("the bucket has another S3 client than is known"), opened.Close())
	}
	if plain {
		client = withoutChecksums(client)
	}
	return &bucket{opened, func(as func(any) bool) error {
		var uploads *transfermanager.Client
		if !as(&uploads) {
			return errors.New("files: the bucket uploads by another manager than is known")
		}
		// Unasked it would abort an upload in a context that has ended.
		*uploads = *transfermanager.New(client, func(o *transfermanager.Options) { o.FailTimeout = abortLimit })
		return nil
	}}, nil
}

// withoutChecksums returns a client that sends none. The manager of uploads asks
// for them in every request, whatever the client was told.
func withoutChecksums(client *s3.Client) *s3.Client {
	return s3.New(client.Options(), func(o *s3.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("WithoutChecksums", askForNoChecksum), middleware.Before)
		})
	})
}

func askForNoChecksum(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	switch request := in.Parameters.(type) {
	case *s3.PutObjectInput:
		request.ChecksumAlgorithm = ""
	case *s3.CreateMultipartUploadInput:
		request.ChecksumAlgorithm = ""
	case *s3.UploadPartInput:
		request.ChecksumAlgorithm = ""
	}
	return next.HandleInitialize(ctx, in)
}
