{{- /* The groups of the rule files with the switches of .Values.prometheusRule applied, as {groups: […]}. */ -}}
{{- define "outrider.ruleGroups" -}}
{{- $files := deepCopy .Values.prometheusRule.files -}}
{{- if not $files -}}
{{- range $path, $content := .Files.Glob "files/alerts/*.rules.yaml" -}}
{{- $files = set $files $path (toString $content) -}}
{{- end -}}
{{- end -}}
{{- $groups := list -}}
{{- range $name, $content := $files -}}
{{- $file := fromYaml $content -}}
{{- if not $file.groups -}}
{{- fail (printf "prometheusRule.files.%s: got no groups; expected a Prometheus rule file, as outrider generate alerts writes it" $name) -}}
{{- end -}}
{{- range $file.groups -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- if not (has (default "" .alert) $.Values.prometheusRule.disabled) -}}
{{- $rules = append $rules (include "outrider.rule" (list $ .) | fromYaml) -}}
{{- end -}}
{{- end -}}
{{- if $rules -}}
{{- $groups = append $groups (set (deepCopy .) "rules" $rules) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml (dict "groups" $groups) -}}
{{- end -}}

{{- /* (list $ RULE): the rule; an alert with the labels and the severity that the values ask for. */ -}}
{{- define "outrider.rule" -}}
{{- $values := (index . 0).Values.prometheusRule -}}
{{- $rule := deepCopy (index . 1) -}}
{{- if $rule.alert -}}
{{- $labels := merge (default (dict) $rule.labels) $values.alertLabels -}}
{{- with index $values.severities $rule.alert -}}
{{- $_ := set $labels "severity" . -}}
{{- end -}}
{{- $_ := set $rule "labels" $labels -}}
{{- with $values.runbooks -}}
{{- $link := printf "%s/%s.md" (trimSuffix "/" .) $rule.alert -}}
{{- $_ := set $rule "annotations" (set (default (dict) $rule.annotations) "runbook_url" $link) -}}
{{- end -}}
{{- end -}}
{{- toYaml $rule -}}
{{- end -}}
