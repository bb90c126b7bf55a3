{{- /*
(list $ "/livez"): how the kubelet asks. Without tokens Outrider listens on the pod's loopback, where the kubelet does
not get, so that the question is asked inside.
*/ -}}
{{- define "outrider.probe" -}}
{{- $root := index . 0 -}}
{{- $path := index . 1 -}}
{{- if $root.Values.tokens.entries -}}
httpGet:
  path: {{ $path }}
  port: http
{{- else -}}
{{- $url := printf "http://127.0.0.1:%s%s" (include "outrider.port" $root) $path -}}
exec:
  command:
    - /usr/local/bin/node
    - --eval
    - {{ printf "fetch(%q).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))" $url | quote }}
{{- end -}}
{{- end -}}
