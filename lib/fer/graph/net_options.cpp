#include "fer/graph/net_options.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::graph {

std::span<const std::string_view> choice_names(SqueezeExcitation) {
  static constexpr std::string_view kNames[] = {"auto", "on", "off"};
  return kNames;
}

std::span<const std::string_view> choice_names(ShortcutKind) {
  static constexpr std::string_view kNames[] = {"auto", "stride", "pool"};
  return kNames;
}

std::span<const std::string_view> choice_names(DownsampleKind) {
  static constexpr std::string_view kNames[] = {"auto", "stride", "blur"};
  return kNames;
}

std::span<const std::string_view> choice_names(BlockKind) {
  static constexpr std::string_view kNames[] = {"auto", "post", "pre"};
  return kNames;
}

void NetOptions::visit(OptionVisitor& visitor) {
  visitor.group("Network");
  visitor.field(
      Field("width", "Factor on the number of channels of every layer, rounded to multiples of 8")
          .fixed_on_resume()
          .range(0.1, 2),
      width);
  visitor.field(
      Field("stem_stride", "Stride of the first convolution; 0: as the architecture defines")
          .fixed_on_resume()
          .range(0, 2),
      stem_stride);
  visitor.field(
      Field("se",
            "Squeeze-and-excitation in each residual block (Hu et al. 2018); auto: as the "
            "architecture defines; " +
                option("se") + " alone means on")
          .fixed_on_resume(),
      se);
  visitor.field(
      Field("shortcut",
            "How the shortcut of a residual block halves the resolution: by a strided "
            "convolution (stride), or by average pooling before it as in ResNet-D (pool, He et al. "
            "2019); auto: as the architecture defines")
          .fixed_on_resume(),
      shortcut);
  visitor.field(Field("downsample",
                      "How the convolutions of a residual block halve the resolution: by their "
                      "stride (stride), or by anti-aliased pooling after them (blur, Zhang 2019); "
                      "auto: as the architecture defines")
                    .fixed_on_resume(),
                downsample);
  visitor.field(Field("block",
                      "Where residual blocks normalise: after each convolution (post, He et al. "
                      "2016a) or before it (pre, He et al. 2016b); auto: as the architecture "
                      "defines")
                    .fixed_on_resume(),
                block);
  visitor.field(Field("drop_path",
                      "Stochastic depth: probability with which each image skips the last residual "
                      "block; earlier blocks are skipped less often (Huang et al. 2016)")
                    .range(0, 0.9),
                drop_path);
  visitor.field(
      Field("dropout", "Dropout rate before the last layer; -1: as the architecture defines")
          .range(-1, 0.95),
      dropout);
}

std::int64_t scaled_width(std::int64_t channels, double width) {
  constexpr double kMultiple = 8.0;
  if (width == 1.0) return channels;
  const double scaled = static_cast<double>(channels) * width / kMultiple;
  return static_cast<std::int64_t>(std::max(std::round(scaled), 1.0) * kMultiple);
}

void check_options(const std::string& architecture, const std::vector<std::string>& taken,
                   const NetOptions& options) {
  NetOptions given = options;
  NetOptions plain;
  const nlohmann::json plain_values = options_to_json(visiting(plain));
  const nlohmann::json values = options_to_json(visiting(given));
  for (const auto& [key, value] : values.items()) {
    const bool is_taken = std::find(taken.begin(), taken.end(), key) != taken.end();
    if (is_taken || value == plain_values.at(key)) continue;
    throw Error("architecture " + architecture + " has no option '" + key + "' (it is " +
                plain_text(value) + "); it takes: " + join(taken, ", "));
  }
}

}  // namespace fer::graph
