{{- define "outrider.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* What the objects are called: the release, with the chart's name unless it is in there already. */ -}}
{{- define "outrider.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "outrider.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "outrider.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* (list $ "suffix"): the full name with a suffix, which is never what is cut off. */ -}}
{{- define "outrider.childname" -}}
{{- $suffix := index . 1 | trunc 50 | trimSuffix "-" -}}
{{- $room := sub 62 (len $suffix) | int -}}
{{- printf "%s-%s" (include "outrider.fullname" (index . 0) | trunc $room | trimSuffix "-") $suffix -}}
{{- end -}}

{{- /* Never change once installed: a Deployment keeps its selector. */ -}}
{{- define "outrider.selectorLabels" -}}
app.kubernetes.io/name: {{ include "outrider.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* Labels of every object; the chart's own win over commonLabels. */ -}}
{{- define "outrider.labels" -}}
{{- $own := dict
  "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "app.kubernetes.io/version" (.Chart.AppVersion | replace "+" "_" | trunc 63)
  "app.kubernetes.io/managed-by" .Release.Service
-}}
{{- toYaml (merge $own (include "outrider.selectorLabels" . | fromYaml) .Values.commonLabels) -}}
{{- end -}}

{{- /* (list $ LABELS): the labels of every object, and more for one of them. */ -}}
{{- define "outrider.labelsAnd" -}}
{{- toYaml (merge (include "outrider.labels" (index . 0) | fromYaml) (index . 1)) -}}
{{- end -}}

{{- define "outrider.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "outrider.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "outrider.claimName" -}}
{{- default (include "outrider.childname" (list . "store")) .Values.store.persistence.existingClaim -}}
{{- end -}}

{{- /* registry/repository@digest, or :tag without a digest. */ -}}
{{- define "outrider.image" -}}
{{- with .Values.image.registry }}{{ . | trimSuffix "/" }}/{{ end -}}
{{- .Values.image.repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ default .Chart.AppVersion .Values.image.tag }}{{ end -}}
{{- end -}}
