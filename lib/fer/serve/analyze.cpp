#include "fer/serve/analyze.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "fer/core/text.h"
#include "fer/detect/detector_kind.h"
#include "fer/output/prediction_json.h"
#include "fer/serve/json_input.h"
#include "fer/serve/multipart.h"
#include "fer/serve/problem.h"
#include "fer/serve/query.h"

namespace fer::serve::deepface {

namespace {

using Json = nlohmann::json;

// Reads a form's field like deepface: names, with or without brackets and quotes around them.
Json actions_of_text(std::string text) {
  constexpr std::size_t kMostBytes = 1000;  // more of it names other actions
  constexpr std::string_view kAround = "[]()\"' ";
  if (text.size() > kMostBytes) return {};
  std::erase_if(text, [&](char letter) { return kAround.find(letter) != kAround.npos; });
  return parts_of(text, ',');
}

void read_actions(const Json& value) {
  constexpr const char* kPart = "field actions";
  const Json actions = value.is_string() ? actions_of_text(value.get<std::string>()) : value;
  if (actions != Json::array({"emotion"})) {
    throw Problem(400, "age, gender and race are not served here, emotion alone")
        .in(kPart)
        .allowed("[\"emotion\"]");
  }
}

bool read_switch(const Json& value, const std::string& name) {
  if (value.is_boolean()) return value.get<bool>();
  const std::string text = value.is_string() ? to_lower(value.get<std::string>()) : "";
  if (text != "true" && text != "false") {
    throw Problem(400, name + " is " + std::string(kind_of(value)))
        .in("field " + name)
        .allowed("true, false");
  }
  return text == "true";
}

// Reads deepface's name for a detector. Detectors that only deepface has are refused by name.
std::string read_backend(const Json& value) {
  const std::string name = value.is_string() ? value.get<std::string>() : value.dump();
  if (name == "auto") return "";
  for (const detect::DetectorKind& kind : detect::detector_kinds()) {
    if (!kind.deepface.empty() && kind.deepface == name) return kind.name;
  }
  throw Problem(400, "the detector " + quote(name) + " is not served here")
      .in("field detector_backend")
      .allowed(join(backends(), ", "));
}

void read_pictures(const Json& value, std::size_t most, AnalyzeRequest& request) {
  const Json list = value.is_array() ? value : Json::array({value});
  if (list.empty() || list.size() > most) {
    throw Problem(413, "the request has " + std::to_string(list.size()) + " pictures")
        .in("field img")
        .allowed("1 to " + std::to_string(most));
  }
  request.input.single = !value.is_array();
  for (const Json& one : list) {
    request.input.pictures.push_back({"img", picture_of_text(one, "field img")});
  }
}

void read_field(const std::string& name, const Json& value, std::size_t most,
                AnalyzeRequest& request) {
  if (name == "img" || name == "img_path") return read_pictures(value, most, request);
  if (name == "actions") return read_actions(value);
  if (name == "detector_backend") {
    request.input.parameters.detector = read_backend(value);
  } else if (name == "enforce_detection") {
    request.enforce_detection = read_switch(value, name);
  } else if (name == "anti_spoofing" && read_switch(value, name)) {
    throw Problem(400, "anti-spoofing is not served here")
        .in("field anti_spoofing")
        .allowed("false");
  }
}

void read_form(const Request& request, std::size_t most, AnalyzeRequest& read, bool& has_actions) {
  for (const FormPart& part : form_parts(request.content_type, request.body, most + 16)) {
    if (part.filename.empty() && media_type(part.type).empty()) {
      has_actions |= part.name == "actions";
      read_field(part.name, std::string(trim(part.content)), most, read);
      continue;
    }
    read.input.single = read.input.pictures.empty();
    read.input.pictures.push_back({"img", std::string(part.content)});
  }
}

// With status 400, like deepface.
[[noreturn]] void fail(const std::string& detail) { throw Problem(400, detail).in("field img"); }

nlohmann::ordered_json face_json(const nlohmann::ordered_json& face) {
  nlohmann::ordered_json emotion;
  for (const auto& [label, share] : face["probabilities"].items()) {
    emotion[label] = output::rounded(100.0 * share.get<double>());
  }
  const auto& box = face["box"];
  return {{"emotion", emotion},
          {"dominant_emotion", face["label"]},
          {"region",
           {{"x", box[0]},
            {"y", box[1]},
            {"w", box[2]},
            {"h", box[3]},
            {"left_eye", nullptr},
            {"right_eye", nullptr}}},
          {"face_confidence", face["score"]}};
}

}  // namespace

std::vector<std::string> backends() {
  std::vector<std::string> names = {"auto"};
  for (const detect::DetectorKind& kind : detect::detector_kinds()) {
    if (!kind.deepface.empty()) names.push_back(kind.deepface);
  }
  return names;
}

AnalyzeRequest analyze_request(Request& request, std::size_t most) {
  AnalyzeRequest read;
  bool has_actions = false;
  const std::string type = media_type(request.content_type);
  if (type == "multipart/form-data") {
    read_form(request, most, read, has_actions);
  } else if (type == "application/json") {
    const Json json = bounded_json(request.body);
    if (!json.is_object()) {
      throw Problem(400, "the body is " + std::string(kind_of(json)))
          .in("body")
          .allowed("an object");
    }
    has_actions = json.contains("actions");
    for (const auto& [name, value] : json.items()) read_field(name, value, most, read);
  } else {
    throw Problem(415, "the content type " + quote(request.content_type) + " is not read here")
        .in("header Content-Type")
        .allowed("application/json, multipart/form-data");
  }
  request.body = {};
  if (!has_actions) read_actions({"emotion", "age", "gender", "race"});  // deepface's default
  if (read.input.pictures.empty()) {
    throw Problem(400, "the request has no picture")
        .in("field img")
        .allowed("base64, or a file of a form");
  }
  return read;
}

Response analyze_response(const AnalyzeRequest& request, std::span<const PictureAnswer> answers,
                          const LabelSet& labels) {
  using Ordered = nlohmann::ordered_json;
  Ordered results = Ordered::array();
  for (const PictureAnswer& answer : answers) {
    const Ordered json = output::prediction_json(answer.prediction, labels);
    if (json.contains("error")) fail(json["error"].get<std::string>());
    if (json["faces"].empty() && request.enforce_detection) {
      fail(
          "Face could not be detected: no face was found in the picture (enforce_detection=false "
          "makes that no error)");
    }
    Ordered faces = Ordered::array();
    for (const Ordered& face : json["faces"]) faces.push_back(face_json(face));
    results.push_back(std::move(faces));
  }
  if (request.input.single) results = Ordered(results[0]);
  return {.status = 200,
          .type = "application/json",
          .body = output::json_line({{"results", results}}) + "\n",
          .headers = {}};
}

}  // namespace fer::serve::deepface
