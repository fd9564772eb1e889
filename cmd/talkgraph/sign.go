package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

// signOptions are the flags of sign.
type signOptions struct {
	endpoint string
	method   string
	id       string
	secret   string
}

func newSignCommand() *cobra.Command {
	var o signOptions
	cmd := &cobra.Command{
		Use:   "sign NAME=VALUE...",
		Short: "Print the signed URL of a request, for curl",
		Long: `Sign prints the URL of an API request with the given parameters, signed with an
access key. Version, Timestamp, SignatureNonce and the other common parameters are
filled in. The URL can be used once, within 15 minutes.

With --method POST the URL is for a POST without a body: curl -X POST URL.`,
		Example: `  talkgraph sign --key-id testid --key-secret testsecret Action=Dialogue InstanceId=demo \
    CallId=c1 CallType=Outbound CalledNumber=13800000000 CallingNumber=95187 Utterance=知道了`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			signed, err := sign(o, args)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), signed)
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.endpoint, "endpoint", "http://127.0.0.1:8080", "where the API is")
	flags.StringVar(&o.method, "method", http.MethodGet, "the method the request will have: GET or POST")
	flags.StringVar(&o.id, "key-id", "", "id of the access key; else "+keyIDVariable)
	flags.StringVar(&o.secret, "key-secret", "", "secret of the access key; else "+keySecretVariable)
	return cmd
}

// sign returns the signed URL of a request.
func sign(o signOptions, args []string) (string, error) {
	endpoint, err := url.Parse(o.endpoint)
	if err != nil || endpoint.Host == "" || endpoint.RawQuery != "" {
		return "", usageError{fmt.Errorf("--endpoint is %q: it must be a URL such as http://127.0.0.1:8080", o.endpoint)}
	}
	if o.method != http.MethodGet && o.method != http.MethodPost {
		return "", usageError{fmt.Errorf("--method is %q: it must be GET or POST", o.method)}
	}
	parameters := map[string]string{"Version": api.Version}
	given := make(map[string]bool)
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" || given[name] {
			return "", usageError{fmt.Errorf("%q: parameters are given as NAME=VALUE, each name once", arg)}
		}
		given[name] = true
		parameters[name] = value
	}
	if o.id == "" {
		o.id = os.Getenv(keyIDVariable)
	}
	if o.secret == "" {
		o.secret = os.Getenv(keySecretVariable)
	}
	if o.id == "" || o.secret == "" {
		return "", fmt.Errorf("no access key: set %s and %s, or give --key-id and --key-secret", keyIDVariable, keySecretVariable)
	}
	endpoint.Path = "/"
	endpoint.RawQuery, err = rpc.SignQuery(o.method, parameters, rpc.Credentials{
		AccessKeyID: o.id, AccessKeySecret: o.secret, Nonce: rand.Text(), Time: time.Now(),
	})
	return endpoint.String(), err
}
