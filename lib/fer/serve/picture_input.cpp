#include "fer/serve/picture_input.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "fer/core/text.h"
#include "fer/report/base64.h"
#include "fer/serve/json_input.h"
#include "fer/serve/multipart.h"
#include "fer/serve/problem.h"
#include "fer/serve/query.h"

namespace fer::serve {

namespace {

using Json = nlohmann::json;

constexpr const char* kUsualName = "picture";
constexpr std::size_t kMostParameters = 16;

bool is_picture_type(const std::string& type) {
  return type.starts_with("image/") || type == "application/octet-stream";
}

Problem too_many(std::size_t most) {
  return Problem(413, "the request has too many pictures")
      .in("body")
      .allowed("at most " + std::to_string(most));
}

void read_form(const Request& request, std::size_t most, PictureInput& input) {
  Fields fields;
  for (const FormPart& part :
       form_parts(request.content_type, request.body, most + kMostParameters)) {
    if (part.filename.empty() && !is_picture_type(media_type(part.type))) {
      fields.emplace_back(part.name, std::string(trim(part.content)));
      continue;
    }
    if (input.pictures.size() == most) throw too_many(most);
    input.pictures.push_back(
        {part.filename.empty() ? part.name : part.filename, std::string(part.content)});
  }
  read_parameters(fields, "form field", input.parameters);
}

Picture picture_of(const Json& value, const std::string& part) {
  if (!value.is_object()) return {kUsualName, picture_of_text(value, part)};
  Picture picture{kUsualName, ""};
  const auto data = value.find("data");
  if (data == value.end()) {
    throw Problem(400, "a picture has no data")
        .in(part)
        .allowed("{\"name\": text, \"data\": base64}");
  }
  picture.bytes = picture_of_text(*data, part + ".data");
  if (const auto name = value.find("name"); name != value.end()) {
    if (!name->is_string()) {
      throw Problem(400, "a picture's name is " + std::string(kind_of(*name)))
          .in(part + ".name")
          .allowed("a text");
    }
    picture.name = name->get<std::string>();
  }
  return picture;
}

void read_pictures(const Json& list, std::size_t most, PictureInput& input) {
  if (!list.is_array()) {
    throw Problem(400, "the pictures are " + std::string(kind_of(list)))
        .in("pictures")
        .allowed("a list");
  }
  if (list.size() > most) throw too_many(most);
  for (std::size_t i = 0; i < list.size(); ++i) {
    input.pictures.push_back(picture_of(list[i], "pictures[" + std::to_string(i) + "]"));
  }
}

void read_json(const Request& request, std::size_t most, PictureInput& input) {
  const Json json = bounded_json(request.body);
  if (!json.is_object()) {
    throw Problem(400, "the body is " + std::string(kind_of(json)))
        .in("body")
        .allowed("an object with \"picture\" or \"pictures\"");
  }
  Fields fields;
  for (const auto& [key, value] : json.items()) {
    if (key == "picture") {
      input.pictures.push_back(picture_of(value, key));
    } else if (key == "pictures") {
      read_pictures(value, most, input);
    } else {
      fields.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  read_parameters(fields, "field", input.parameters);
}

}  // namespace

bool carries_pictures(std::string_view content_type) {
  const std::string type = media_type(content_type);
  return is_picture_type(type) || type == "multipart/form-data" || type == "application/json";
}

std::string picture_of_text(const nlohmann::json& value, const std::string& part) {
  if (!value.is_string()) {
    throw Problem(400, "the picture is " + std::string(kind_of(value)))
        .in(part)
        .allowed("the file in base64");
  }
  const auto& text = value.get_ref<const std::string&>();
  std::string_view letters = text;
  if (letters.starts_with("data:")) {
    const std::string_view head = letters.substr(0, letters.find(','));
    if (!head.starts_with("data:image/") || !head.ends_with(";base64")) {
      throw Problem(400, "the data URI holds no picture in base64")
          .in(part)
          .allowed("data:image/TYPE;base64,…");
    }
    letters.remove_prefix(std::min(head.size() + 1, letters.size()));
  } else if (letters.find("://") != letters.npos || letters.starts_with("/") ||
             letters.starts_with(".")) {
    // A leading slash may also be base64: JPEGs begin with "/9j/".
    if (!letters.starts_with("/9j/")) {
      throw Problem(400,
                    "paths and addresses are not read: this service opens no file and no "
                    "connection for a client")
          .in(part)
          .allowed("the file in base64");
    }
  }
  std::optional<std::string> bytes = report::bytes_of_base64(letters);
  if (!bytes || bytes->empty()) {
    throw Problem(400, "the picture is no base64").in(part).allowed("the file in base64");
  }
  return *std::move(bytes);
}

PictureInput picture_input(Request& request, std::size_t most) {
  PictureInput input;
  read_parameters(request.query, "query parameter", input.parameters);
  const std::string type = media_type(request.content_type);
  if (is_picture_type(type)) {
    input.single = true;
    input.pictures.push_back({kUsualName, std::move(request.body)});
  } else if (type == "multipart/form-data") {
    read_form(request, most, input);
  } else if (type == "application/json") {
    read_json(request, most, input);
  } else {
    throw Problem(415, "the content type " + quote(request.content_type) + " is not read here")
        .in("header Content-Type")
        .allowed(kPictureTypes);
  }
  request.body = {};
  if (input.pictures.empty()) {
    throw Problem(400, "the request has no picture").in("body").allowed(kPictureTypes);
  }
  return input;
}

}  // namespace fer::serve
