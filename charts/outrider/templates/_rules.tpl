{{- /*
The groups of the rule files, as {groups: […]}: the shipped ones, .Values.prometheusRule.files in place of those of the
same name, and the switches of .Values.prometheusRule applied.
*/ -}}
{{- define "outrider.ruleGroups" -}}
{{- $files := dict -}}
{{- range $path, $content := .Files.Glob "files/alerts/*.rules.yaml" -}}
{{- $files = set $files (base $path | trimSuffix ".rules.yaml") (toString $content) -}}
{{- end -}}
{{- $shipped := keys $files | sortAlpha -}}
{{- range $name, $content := .Values.prometheusRule.files -}}
{{- $files = set $files (trimSuffix ".rules.yaml" $name) $content -}}
{{- end -}}
{{- $groups := list -}}
{{- $names := list -}}
{{- range $name, $content := $files -}}
{{- $file := fromYaml $content -}}
{{- if not $file.groups -}}
{{- fail (printf "prometheusRule.files.%s: got no groups; expected a Prometheus rule file, as outrider generate alerts writes it" $name) -}}
{{- end -}}
{{- range $file.groups -}}
{{- if has .name $names -}}
{{- fail (printf "prometheusRule.files: got the group %s a second time, in %s; expected every group once, and a file in place of a shipped one under its name: %s" .name $name (join ", " $shipped)) -}}
{{- end -}}
{{- $names = append $names .name -}}
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
