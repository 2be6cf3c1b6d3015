#include "fer/serve/inference_protocol.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/number.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/output/prediction_json.h"
#include "fer/serve/json_input.h"
#include "fer/serve/problem.h"

namespace fer::serve::kserve {

namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr const char* kInput = "faces";
constexpr const char* kProbabilities = "probabilities";
constexpr const char* kLabels = "labels";

Problem wrong(const std::string& part, const std::string& detail, const std::string& allowed) {
  return Problem(400, detail).in(part).allowed(allowed);
}

// Null if the object lacks the key.
const Json* find(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// The sizes after the number of faces: "48,48".
using Sizes = std::vector<std::uint64_t>;

// The shapes that the model takes; the first is in its metadata.
std::vector<Sizes> shapes_of(const FaceFormat& format) {
  const auto height = static_cast<std::uint64_t>(format.height);
  const auto width = static_cast<std::uint64_t>(format.width);
  if (format.channels() == 1) return {{height, width}, {1, height, width}};
  return {{height, width, static_cast<std::uint64_t>(format.channels())}};
}

// "[N,48,48] or [N,1,48,48]"
std::string shapes_text(const FaceFormat& format) {
  std::vector<std::string> texts;
  for (const Sizes& sizes : shapes_of(format)) {
    std::string text = "[N";
    for (const std::uint64_t size : sizes) text += "," + std::to_string(size);
    texts.push_back(text + "]");
  }
  return join(texts, " or ");
}

bool is_shape(const Json& shape, const Sizes& sizes) {
  if (shape.size() != sizes.size() + 1) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (!shape[i].is_number_unsigned()) return false;
    if (i > 0 && shape[i].get<std::uint64_t>() != sizes[i - 1]) return false;
  }
  return true;
}

std::size_t face_count(const Json& input, const FaceFormat& format, std::size_t most) {
  const Json* shape = find(input, "shape");
  const std::vector<Sizes> allowed = shapes_of(format);
  if (shape == nullptr || !shape->is_array() ||
      std::none_of(allowed.begin(), allowed.end(),
                   [&](const Sizes& sizes) { return is_shape(*shape, sizes); })) {
    throw wrong("inputs[0].shape", "the shape is not that of faces", shapes_text(format));
  }
  const auto count = (*shape)[0].get<std::uint64_t>();
  if (count < 1 || count > most) {
    throw Problem(413, "the request has " + std::to_string(count) + " faces")
        .in("inputs[0].shape")
        .allowed("1 to " + std::to_string(most));
  }
  return static_cast<std::size_t>(count);
}

// Appends the numbers of a list, nested in any way.
void flatten(const Json& data, std::size_t most, std::vector<std::uint8_t>& levels) {
  for (const Json& value : data) {
    if (value.is_array()) {
      flatten(value, most, levels);
      continue;
    }
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 ||
        value.get<std::int64_t>() > 255) {
      throw wrong("inputs[0].data", "a level is none", "whole numbers from 0 to 255");
    }
    if (levels.size() == most) break;  // the size is checked below
    levels.push_back(static_cast<std::uint8_t>(value.get<std::int64_t>()));
  }
}

Faces faces_of(std::span<const std::uint8_t> levels, const FaceFormat& format, std::size_t count) {
  if (levels.size() != count * format.bytes()) {
    throw wrong("inputs[0]", "the data do not fit the shape",
                std::to_string(count * format.bytes()) +
                    (format.channels() == 1 ? " grey levels" : " levels"));
  }
  return {FacesView(levels, format)};
}

// The length of the JSON, which raw bytes may follow.
std::size_t json_size(const Request& request) {
  if (request.json_bytes.empty()) return request.body.size();
  const auto size = to_number<std::size_t>(request.json_bytes);
  if (!size || *size > request.body.size()) {
    throw wrong("header Inference-Header-Content-Length", "it is not the size of the JSON",
                "0 to the size of the body");
  }
  return *size;
}

const Json& only_input(const Json& json) {
  const Json* inputs = find(json, "inputs");
  if (inputs == nullptr || !inputs->is_array() || inputs->size() != 1 ||
      !(*inputs)[0].is_object()) {
    throw wrong("inputs", "the request does not have one input", "one input, \"faces\"");
  }
  const Json& input = (*inputs)[0];
  const Json* name = find(input, "name");
  if (name == nullptr || *name != kInput) {
    throw wrong("inputs[0].name", "the model has no such input", kInput);
  }
  const Json* type = find(input, "datatype");
  if (type == nullptr || *type != "UINT8") {
    throw wrong("inputs[0].datatype", "faces are not of this type", "UINT8");
  }
  return input;
}

// The boolean {"parameters": {KEY: …}} of the object; `otherwise` if it is no boolean.
bool parameter(const Json& object, const char* key, bool otherwise) {
  const Json* parameters = find(object, "parameters");
  if (parameters == nullptr || !parameters->is_object()) return otherwise;
  const Json* value = find(*parameters, key);
  return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
}

void read_outputs(const Json& json, InferRequest& request) {
  const bool all_binary = parameter(json, "binary_data_output", false);
  request.binary_probabilities = request.binary_labels = all_binary;
  const Json* outputs = find(json, "outputs");
  if (outputs == nullptr || !outputs->is_array() || outputs->empty()) return;
  request.wants_probabilities = false;
  for (const Json& output : *outputs) {
    const Json* name = output.is_object() ? find(output, "name") : nullptr;
    if (name != nullptr && *name == kLabels) {
      request.wants_labels = true;
      request.binary_labels = parameter(output, "binary_data", all_binary);
    } else if (name != nullptr && *name == kProbabilities) {
      request.wants_probabilities = true;
      request.binary_probabilities = parameter(output, "binary_data", all_binary);
    } else {
      throw wrong("outputs", "the model has no such output", "probabilities, labels");
    }
  }
}

// A BYTES tensor: for each element its length, little-endian, and its bytes.
std::string bytes_of(const std::vector<std::string>& elements) {
  std::string bytes;
  for (const std::string& element : elements) {
    const auto length = static_cast<std::uint32_t>(element.size());
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(length >> shift & 0xFF);
    bytes += element;
  }
  return bytes;
}

}  // namespace

Ordered server_metadata() {
  return {{"name", "fer-serve"}, {"version", version()}, {"extensions", {"binary_tensor_data"}}};
}

Ordered model_metadata(const ServedModel& model) {
  const auto classes = static_cast<int>(model.labels().size());
  Ordered shape = Ordered::array({-1});
  const Sizes sizes = shapes_of(model.wanted().format).front();
  for (const std::uint64_t size : sizes) shape.push_back(size);
  return {
      {"name", model.name()},
      {"versions", {kVersion}},
      {"platform", "fer"},
      {"inputs",
       Ordered::array({{{"name", kInput}, {"datatype", "UINT8"}, {"shape", std::move(shape)}}})},
      {"outputs",
       Ordered::array({{{"name", kProbabilities}, {"datatype", "FP32"}, {"shape", {-1, classes}}},
                       {{"name", kLabels}, {"datatype", "BYTES"}, {"shape", {-1}}}})},
      {"parameters", {{"labels", model.labels().names()}}}};
}

InferRequest infer_request(Request& request, const FaceFormat& format, std::size_t most) {
  const std::size_t size = json_size(request);
  const Json json = bounded_json(std::string_view(request.body).substr(0, size));
  if (!json.is_object()) throw wrong("body", "the body is no object", "{\"inputs\": […]}");
  InferRequest read;
  if (const Json* id = find(json, "id"); id != nullptr && id->is_string()) {
    read.id = id->get<std::string>();
  }
  const Json& input = only_input(json);
  const std::size_t count = face_count(input, format, most);
  read_outputs(json, read);
  if (const Json* data = find(input, "data"); data != nullptr) {
    if (!data->is_array()) throw wrong("inputs[0].data", "the data are no list", "a list");
    std::vector<std::uint8_t> levels;
    flatten(*data, count * format.bytes() + 1, levels);
    read.faces = faces_of(levels, format, count);
  } else {
    const std::string_view raw = std::string_view(request.body).substr(size);
    read.faces =
        faces_of({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()}, format, count);
  }
  request.body = {};
  return read;
}

Response infer_response(const InferRequest& request, const ServedModel& model,
                        const std::vector<std::vector<float>>& rows) {
  const auto count = static_cast<std::int64_t>(rows.size());
  const auto classes = static_cast<std::int64_t>(model.labels().size());
  Ordered json = {{"model_name", model.name()}, {"model_version", kVersion}};
  if (!request.id.empty()) json["id"] = request.id;
  json["outputs"] = Ordered::array();
  std::string raw;
  if (request.wants_probabilities) {
    Ordered output = {{"name", kProbabilities}, {"datatype", "FP32"}, {"shape", {count, classes}}};
    if (request.binary_probabilities) {
      for (const auto& row : rows) {
        raw.append(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float));
      }
      output["parameters"]["binary_data_size"] = raw.size();
    } else {
      std::vector<double> data;
      for (const auto& row : rows) {
        for (const float share : row) data.push_back(output::rounded(double{share}));
      }
      output["data"] = std::move(data);
    }
    json["outputs"].push_back(std::move(output));
  }
  if (request.wants_labels) {
    std::vector<std::string> labels;
    for (const auto& row : rows) {
      const auto best = std::max_element(row.begin(), row.end()) - row.begin();
      labels.push_back(model.labels().name(static_cast<std::size_t>(best)));
    }
    Ordered output = {{"name", kLabels}, {"datatype", "BYTES"}, {"shape", {count}}};
    if (request.binary_labels) {
      const std::string bytes = bytes_of(labels);
      output["parameters"]["binary_data_size"] = bytes.size();
      raw += bytes;
    } else {
      output["data"] = labels;
    }
    json["outputs"].push_back(std::move(output));
  }
  Response response{
      .status = 200, .type = "application/json", .body = output::json_line(json), .headers = {}};
  if (raw.empty()) return response;
  response.headers.emplace_back("Inference-Header-Content-Length",
                                std::to_string(response.body.size()));
  response.type = "application/octet-stream";
  response.body += raw;
  return response;
}

}  // namespace fer::serve::kserve
