{{- /* What a schema cannot say, or not in a sentence. Included once, by the Deployment. */ -}}
{{- define "outrider.validate" -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- fail (printf "replicas: got %d; expected 1 (or 0 to stop it), because the store is one SQLite file that belongs to one process" (int .Values.replicas)) -}}
{{- end -}}
{{- include "outrider.validateStore" . -}}
{{- include "outrider.validateTokens" . -}}
{{- include "outrider.validateMonitor" . -}}
{{- range .Values.extraEnv -}}
{{- $name := toString .name -}}
{{- if or (hasPrefix "OUTRIDER_SERVER__" $name) (hasPrefix "OUTRIDER_TOKENS" $name) (eq "OUTRIDER_STORE__PATH" $name) -}}
{{- fail (printf "extraEnv: got %s; expected none of OUTRIDER_SERVER__*, OUTRIDER_TOKENS* and OUTRIDER_STORE__PATH, which the chart sets by tokens, service and store" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* A job that was paused by a person must not be scaled because a pod moved. */ -}}
{{- define "outrider.validateStore" -}}
{{- if not .Values.store.persistence.enabled -}}
{{- if eq "act" (default "" .Values.config.mode) -}}
{{- fail "store.persistence.enabled: got false with config.mode act; expected true, because a new pod would have forgotten who paused which job, and act" -}}
{{- end -}}
{{- range $job, $settings := .Values.config.jobs -}}
{{- if eq "act" (default "" $settings.mode) -}}
{{- fail (printf "store.persistence.enabled: got false with mode act for %s; expected true, because a new pod would have forgotten who paused which job, and act" $job) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "outrider.validateTokens" -}}
{{- $names := list -}}
{{- range .Values.tokens.entries -}}
{{- if has .name $names -}}
{{- fail (printf "tokens.entries: got the name %s twice; expected every name once" .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- if and .Values.tokens.entries (not .Values.tokens.secret) -}}
{{- fail "tokens.secret: got nothing; expected the name of the Secret that holds the tokens of tokens.entries" -}}
{{- end -}}
{{- if and .Values.tokens.secret (not .Values.tokens.entries) -}}
{{- fail "tokens.entries: got none, although tokens.secret is set; expected at least one, such as {name: prometheus, role: viewer}" -}}
{{- end -}}
{{- end -}}

{{- define "outrider.validateMonitor" -}}
{{- if .Values.serviceMonitor.enabled -}}
{{- $names := list -}}
{{- range .Values.tokens.entries -}}{{- $names = append $names .name -}}{{- end -}}
{{- if not $names -}}
{{- fail "serviceMonitor.enabled: got true without tokens.entries; expected a token, because without one Outrider answers inside its pod only" -}}
{{- end -}}
{{- if not (has .Values.serviceMonitor.token $names) -}}
{{- fail (printf "serviceMonitor.token: got %q; expected the name of an entry under tokens.entries: %s" .Values.serviceMonitor.token (join ", " $names)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
