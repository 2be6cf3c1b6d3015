// A model file, from its metadata to a face that runs through its network. An input that begins
// like JSON is a header; its data are added, as many as the header asks for, so that changes by
// fuzzing are not lost among weights.
#include <nlohmann/json.hpp>
#include <string>

#include "fer/model/model_description.h"
#include "fer/model/model_file.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/network.h"
#include "fuzz/safetensors_header.h"

namespace fer::fuzz {

namespace {

// Little-endian numbers near 0.01, whether they are read as 16 or as 32 bits.
constexpr std::string_view kWeights = "\x24\x21\x24\x3c";

void use(const std::filesystem::path& path) {
  const model::Model read = model::read_model(path);
  const graph::Graph network = model::graph_of(read, path.string());
  const FaceFormat& format = read.info.input.cut.format;
  run_if_small(network, format.height, format.width);
  const model::ModelDescription described = model::describe_model(path);
  require(!model::description_text(described).empty(), "a model can be described");
  require(model::description_json(described).is_object(), "also as JSON");
}

}  // namespace

void model(std::string_view bytes) {
  const bool header = bytes.starts_with('{');
  read_file_of(header ? safetensors_of(bytes, kWeights) : std::string(bytes), use);
}

}  // namespace fer::fuzz
