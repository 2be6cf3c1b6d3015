#include "fer/train/transfer.h"

#include <ATen/Functions.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/equal_images.h"
#include "fer/train/optimizer.h"

namespace fer::train {

namespace {

using Weights = std::map<std::string, at::Tensor>;

// The options that affect the function of the network or its set of weights; dropout and drop path
// affect only training.
graph::NetOptions of_function(graph::NetOptions options) {
  options.dropout = options.drop_path = 0.0;
  return options;
}

// "nano (width 0.5)": the architecture with its options that are not defaults.
std::string described(const model::ModelInfo& info) {
  graph::NetOptions options = of_function(info.net), usual = of_function({});
  const nlohmann::json plain = options_to_json(visiting(usual));
  const nlohmann::json own = options_to_json(visiting(options));
  std::vector<std::string> unusual;
  for (const auto& [key, value] : own.items()) {
    if (value != plain.at(key)) unusual.push_back(key + " " + plain_text(value));
  }
  return info.architecture + (unusual.empty() ? "" : " (" + join(unusual, ", ") + ")");
}

// Checks that the faces fit: weights for one colour do not fit another; those of a network that
// ends in a mean fit every side.
void check_faces(const nn::Model& from, const nn::Model& to) {
  const FaceFormat &theirs = from.info.input.cut.format, &own = to.info.input.cut.format;
  if (theirs == own || (theirs.colour == own.colour && to.net->takes_any_side())) return;
  throw OptionError("init_from", "that model takes faces of " + text_of(theirs) +
                                     ", and the training images are " + text_of(own) +
                                     "; its weights do not fit them");
}

// Adds the images that the initial model has seen to those of the new one; if the former are
// unknown, so are all.
void join_seen_images(const model::TrainingSummary& from, model::TrainingSummary& to) {
  const bool known = !from.image_hashes.empty() && !to.image_hashes.empty();
  to.image_hashes =
      known ? data::united(from.image_hashes, to.image_hashes) : std::vector<std::uint64_t>();
  to.selection_hashes = data::united(from.selection_hashes, to.selection_hashes);
}

// Copies the rows of the last layer for the classes of both models.
std::vector<std::string> copy_known_rows(const nn::Model& from, nn::Model& to,
                                         const Weights& source, Weights& target) {
  std::vector<std::string> known;
  for (std::size_t row = 0; row < to.info.labels.size(); ++row) {
    const std::string& name = to.info.labels.name(row);
    const std::optional<std::size_t> found = from.info.labels.find(name);
    if (!found) continue;
    known.push_back(name);
    for (auto& [key, tensor] : target) {
      if (!key.starts_with(model::kHead)) continue;
      tensor.detach()[static_cast<std::int64_t>(row)].copy_(
          source.at(key)[static_cast<std::int64_t>(*found)]);
    }
  }
  return known;
}

}  // namespace

std::string transfer_weights(const nn::Model& from, nn::Model& to) {
  const at::NoGradGuard no_grad;
  if (from.info.architecture != to.info.architecture ||
      of_function(from.info.net) != of_function(to.info.net)) {
    throw OptionError("init_from", "that model is " + described(from.info) + "; this run trains " +
                                       described(to.info) + "; pass the same " + option("arch") +
                                       " and network options");
  }
  check_faces(from, to);
  const Weights source = nn::named_weights(*from.net);
  Weights target = nn::named_weights(*to.net);
  for (auto& [key, tensor] : target) {
    if (!key.starts_with(model::kHead)) tensor.detach().copy_(source.at(key));
  }
  const FaceFormat faces = to.info.input.cut.format;
  to.info.input = from.info.input;
  to.info.input.cut.format = faces;
  join_seen_images(from.info.training, to.info.training);
  const std::vector<std::string> known = copy_known_rows(from, to, source, target);
  if (from.info.labels == to.info.labels) return "its last layer is taken over too";
  if (known.size() == to.info.labels.size()) {
    return "of its last layer, the rows of " + join(known, ", ") + " are taken over";
  }
  return "its last layer is made anew for the classes " + join(to.info.labels.names(), ", ") +
         (known.empty() ? "" : "; taken over for " + join(known, ", "));
}

}  // namespace fer::train
