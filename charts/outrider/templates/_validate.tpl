{{- /* What a schema cannot say, or not in a sentence. Included once, by the Deployment. */ -}}
{{- define "outrider.validate" -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- fail (printf "replicas: got %d; expected 1 (or 0 to stop it), because the store is one SQLite file that belongs to one process" (int .Values.replicas)) -}}
{{- end -}}
{{- include "outrider.validateStore" . -}}
{{- include "outrider.validateTokens" . -}}
{{- include "outrider.validateMonitor" . -}}
{{- include "outrider.validateRules" . -}}
{{- range .Values.extraEnv -}}
{{- $name := toString .name | upper -}}
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
{{- range .Values.extraEnv -}}
{{- /* Outrider reads names in any case after the prefix. What a Secret holds is not seen here. */ -}}
{{- $name := toString .name | upper -}}
{{- $harmless := and (not (hasKey . "valueFrom")) (has (default "" .value) (list "" "observe" "approve")) -}}
{{- if or (hasPrefix "OUTRIDER_JOBS" $name) (and (eq "OUTRIDER_MODE" $name) (not $harmless)) -}}
{{- fail (printf "store.persistence.enabled: got false with %s in extraEnv, which can set mode act; expected true, because a new pod would have forgotten who paused which job, and act" .name) -}}
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
{{- range $key := list "serviceMonitor" "flinkMonitor" -}}
{{- $monitor := index $.Values $key -}}
{{- $interval := include "outrider.seconds" $monitor.interval | float64 -}}
{{- $timeout := include "outrider.seconds" $monitor.scrapeTimeout | float64 -}}
{{- if and $monitor.enabled (gt $timeout $interval) -}}
{{- fail (printf "%s.scrapeTimeout: got %s; expected at most its interval, %s" $key $monitor.scrapeTimeout $monitor.interval) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Alerts that would fire although nothing is wrong; asked of the rules as they are rendered. */ -}}
{{- define "outrider.validateRules" -}}
{{- if .Values.prometheusRule.enabled -}}
{{- range (include "outrider.ruleGroups" . | fromYaml).groups -}}
{{- range .rules -}}
{{- if and (eq "OutriderDown" (default "" .alert)) (not $.Values.tokens.entries) -}}
{{- fail "prometheusRule.enabled: got true without tokens.entries; expected a token (or OutriderDown under prometheusRule.disabled), because without one Prometheus cannot read Outrider's metrics and OutriderDown fires for ever" -}}
{{- end -}}
{{- if eq "OutriderPassesStale" (default "" .alert) -}}
{{- include "outrider.validatePasses" (list $ .expr) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* (list $ EXPR): passes so far apart that EXPR of OutriderPassesStale is true between two of them. */ -}}
{{- define "outrider.validatePasses" -}}
{{- $root := index . 0 -}}
{{- $age := regexFind "\\) > [0-9.]+ and " (index . 1) | trimPrefix ") > " | trimSuffix " and " -}}
{{- $interval := default "" $root.Values.config.interval -}}
{{- $from := "config.interval" -}}
{{- range $root.Values.extraEnv -}}
{{- if and (eq "OUTRIDER_INTERVAL" (toString .name | upper)) .value -}}
{{- $interval = toString .value -}}
{{- $from = printf "extraEnv: %s" .name -}}
{{- end -}}
{{- end -}}
{{- /* A third, so that neither a late pass nor a failed one is stale at once. */ -}}
{{- if and $age (gt (mulf 3 (include "outrider.seconds" $interval | float64)) (float64 $age)) -}}
{{- fail (printf "%s: got %s; expected at most a third of %s s, after which OutriderPassesStale calls passes stale (or that alert under prometheusRule.disabled, or another age by prometheusRule.files)" $from $interval $age) -}}
{{- end -}}
{{- end -}}

{{- /* A duration of Outrider's (1.5 h) or of Prometheus' (1h30m) in seconds; 0 for what is none. */ -}}
{{- define "outrider.seconds" -}}
{{- $units := dict "ms" 0.001 "s" 1 "sec" 1 "m" 60 "min" 60 "h" 3600 "d" 86400 "w" 604800 "y" 31536000 -}}
{{- $sum := 0.0 -}}
{{- range regexFindAll "[0-9]+([.][0-9]+)?\\s*[a-z]+" (toString .) -1 -}}
{{- $number := regexFind "^[0-9.]+" . | float64 -}}
{{- $sum = addf $sum (mulf $number (default 0 (get $units (regexFind "[a-z]+$" .)) | float64)) -}}
{{- end -}}
{{- $sum -}}
{{- end -}}
