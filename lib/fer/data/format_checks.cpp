#include "fer/data/format_checks.h"

#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::data {

namespace {

// "--image-size 112 --colour rgb"
std::string format_options(const FaceFormat& format) {
  return option("image_size") + " " + std::to_string(format.width) + " " + option("colour") + " " +
         choice_name(format.colour);
}

// Advice on how to convert a file's images to another format.
std::string way_round(const FaceFormat& wanted) {
  return "name a folder of the pictures, which fer-data export makes of such a file; with " +
         format_options(wanted) + " its pictures become what is wanted";
}

}  // namespace

void check_own_format(const FaceSet& set, const std::string& spec, const DataOptions& options) {
  const FaceFormat& own = set.images.format();
  const FaceFormat wanted = options.face_format(own);
  if (own == wanted) return;
  throw OptionError(
      own.width == wanted.width ? "colour" : "image_size",
      quote(spec, 200) + " has images of " + text_of(own) + ", not of " + text_of(wanted) +
          "; images of a file stay as they are. Leave the option out, or " + way_round(wanted));
}

void check_format_of_model(const FaceSet& set, const DataOptions& options,
                           const std::optional<FaceFormat>& of_model) {
  const FaceFormat& own = set.images.format();
  if (!of_model || own == *of_model) return;
  throw Error(set.source + ": has images of " + text_of(own) + "; the model takes " +
              text_of(*of_model) +
              (options.takes_any_format()
                   ? "; " + way_round(*of_model)
                   : "; leave out " + option("image_size") + " and " + option("colour")));
}

}  // namespace fer::data
