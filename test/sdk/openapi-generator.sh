# Sourced: `generate NAME OPTIONS…` makes ./oracle with openapi-generator, whose program Maven fetches once.
generate() {
  command -v java >/dev/null && command -v mvn >/dev/null || { echo 'there is no Java or no Maven'; exit 77; }
  local version=7.25.0 cache="${XDG_CACHE_HOME:-$HOME/.cache}/power-oracle"
  local jar="$cache/openapi-generator-cli-$version.jar"
  [ -f "$jar" ] || mvn -q dependency:copy -DoutputDirectory="$cache" \
    -Dartifact="org.openapitools:openapi-generator-cli:$version"
  java -jar "$jar" generate -g "$1" -i "$DOCUMENT" -o oracle "${@:2}" >generator.log 2>&1 || { tail -n 20 generator.log; exit 1; }
}
