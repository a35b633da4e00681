// Command pulumi-resource-docker is the Pulumi Docker plugin, built from Go modules for machines
// that cannot download the official binary. Its tokens and names are the official ones;
// the official plugin's own docker.Image (image builds) is the part that is missing.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

const (
	name    = "docker"
	module  = "index"
	version = "5.2.0"
)

func resource(title string) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{Tok: tfbridge.MakeResource(name, module, title)}
}

func dataSource(title string) *tfbridge.DataSourceInfo {
	return &tfbridge.DataSourceInfo{Tok: tfbridge.MakeDataSource(name, module, title)}
}

func named(pulumiName string) *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{Name: pulumiName}
}

func container() *tfbridge.ResourceInfo {
	info := resource("Container")
	info.DeleteBeforeReplace = true
	info.Fields = map[string]*tfbridge.SchemaInfo{
		"command":           named("command"),
		"networks_advanced": named("networksAdvanced"),
	}
	return info
}

func remoteImage() *tfbridge.ResourceInfo {
	info := resource("RemoteImage")
	info.Fields = map[string]*tfbridge.SchemaInfo{"name": named("name")}
	return info
}

func main() {
	tfbridge.Main(name, version, tfbridge.ProviderInfo{
		P:       shimv2.NewProvider(provider.New(version)()),
		Name:    name,
		Version: version,
		Config:  map[string]*tfbridge.SchemaInfo{"registry_auth": named("registryAuth")},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_buildx_builder": resource("BuildxBuilder"),
			"docker_config":         resource("ServiceConfig"),
			"docker_container":      container(),
			"docker_image":          remoteImage(),
			"docker_network":        resource("Network"),
			"docker_plugin":         resource("Plugin"),
			"docker_registry_image": resource("RegistryImage"),
			"docker_secret":         resource("Secret"),
			"docker_service":        resource("Service"),
			"docker_tag":            resource("Tag"),
			"docker_volume":         resource("Volume"),
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image":          dataSource("getRemoteImage"),
			"docker_logs":           dataSource("getLogs"),
			"docker_network":        dataSource("getNetwork"),
			"docker_plugin":         dataSource("getPlugin"),
			"docker_registry_image": dataSource("getRegistryImage"),
		},
		IgnoreMappings: []string{"docker_registry_image_manifests", "docker_containers"},
	}, []byte(`{"name":"docker"}`))
}
