{{- /* Where the container finds things; the image knows none of these paths. */ -}}
{{- define "outrider.configFolder" -}}/etc/outrider{{- end -}}
{{- define "outrider.tokenFolder" -}}/run/secrets/outrider{{- end -}}
{{- define "outrider.storeFolder" -}}/var/lib/outrider{{- end -}}
{{- define "outrider.port" -}}8090{{- end -}}

{{- /* outrider.yaml: the settings of .Values.config, and what follows from the other values. */ -}}
{{- define "outrider.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $clusters := list -}}
{{- range $config.clusters -}}
{{- $clusters = append $clusters (merge (deepCopy .) (dict "namespace" $.Release.Namespace)) -}}
{{- end -}}
{{- $tokens := list -}}
{{- range .Values.tokens.entries -}}
{{- $file := printf "%s/%s" (include "outrider.tokenFolder" $) .name -}}
{{- $tokens = append $tokens (dict "name" .name "role" .role "valueFile" $file) -}}
{{- end -}}
{{- $path := printf "%s/outrider.sqlite" (include "outrider.storeFolder" .) -}}
{{- $_ := set $config "clusters" $clusters -}}
{{- $_ = set $config "store" (merge (dict "path" $path) (default (dict) $config.store)) -}}
{{- /* Without tokens Outrider refuses to be reached from outside its pod. */ -}}
{{- $host := ternary "0.0.0.0" "127.0.0.1" (not (empty $tokens)) -}}
{{- $_ = set $config "server" (dict "host" $host "port" (include "outrider.port" . | int)) -}}
{{- if $tokens -}}{{- $_ = set $config "tokens" $tokens -}}{{- end -}}
{{- toYaml $config -}}
{{- end -}}
