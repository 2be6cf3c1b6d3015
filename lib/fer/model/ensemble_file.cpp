#include "fer/model/ensemble_file.h"

#include <nlohmann/json.hpp>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"

namespace fer::model {

namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 1 << 16;
constexpr std::size_t kMostModels = 16;

// An untrusted list may only name models in its own folder.
EnsembleMember member_of(const json& entry, const std::filesystem::path& list) {
  if (!entry.is_object() || !entry.contains("model") || !entry["model"].is_string()) {
    throw Error(list.string() + R"(: each of its models is {"model": NAME, "weight": NUMBER})");
  }
  for (const auto& [key, value] : entry.items()) {
    if (key != "model" && key != "weight") {
      throw Error(list.string() + ": " + quote(key, 80) + " is not known; allowed: model, weight");
    }
  }
  const auto name = entry["model"].get<std::string>();
  if (name.empty() || name.ends_with(".safetensors") || name.find('/') != std::string::npos ||
      !is_printable(name)) {
    throw Error(
        list.string() + ": " + quote(name, 200) +
        " is not allowed; models are the names of .safetensors files beside the list, without "
        ".safetensors");
  }
  const json weight = entry.value("weight", json(1.0));
  const double number = weight.is_number() ? weight.get<double>() : -1.0;
  if (!(number >= 0.0 && number <= 1e6)) {
    throw Error(list.string() + ": the weight of " + quote(name, 200) + " is " +
                quote(weight.dump(), 80) + "; allowed are numbers from 0 to 1000000");
  }
  const std::filesystem::path file = list.parent_path() / (name + ".safetensors");
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) {
    throw Error(list.string() + ": lists " + quote(name, 200) + ", and there is no " +
                file.string());
  }
  return {file, number};
}

}  // namespace

std::vector<EnsembleMember> read_ensemble(const std::filesystem::path& path) {
  const json file = parse_json(read_file(path, kMostBytes));
  const bool lists = file.is_object() && file.contains("ensemble") && file["ensemble"].is_array();
  if (!lists || file["ensemble"].size() < 2 || file["ensemble"].size() > kMostModels) {
    throw Error(path.string() +
                R"(: is not a list of 2 to 16 models: {"ensemble": [{"model": NAME}, …]})");
  }
  std::vector<EnsembleMember> members;
  double sum = 0.0;
  for (const json& entry : file["ensemble"]) {
    members.push_back(member_of(entry, path));
    sum += members.back().weight;
  }
  if (!(sum > 0.0)) throw Error(path.string() + ": all its weights are 0");
  for (EnsembleMember& member : members) member.weight /= sum;
  return members;
}

}  // namespace fer::model
