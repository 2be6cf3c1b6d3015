#include "fer/commands/export_pictures.h"

#include <algorithm>
#include <string>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/files.h"
#include "fer/core/parallel.h"
#include "fer/core/text.h"
#include "fer/data/image_folder.h"
#include "fer/report/png_bytes.h"
#include "fer/tensors/face_images.h"

namespace fer::commands {

namespace fs = std::filesystem;

void check_class_names(const data::FaceSet& set) {
  const bool split_folders = !set.has(data::Split::none);
  for (const std::string& name : set.label_set.names()) {
    if (name.starts_with('.') || name.find('/') != std::string::npos) {
      throw Error(set.source + ": class " + quote(name) +
                  " cannot be a folder; allowed are names without '/' that do not start with '.'");
    }
    if (!split_folders && data::split_of_folder(name)) {
      throw Error(set.source + ": class " + quote(name) +
                  " would be a folder that is read as a split; allowed are other names, or a set "
                  "with splits");
    }
  }
}

void check_splits(const data::FaceSet& set) {
  const std::int64_t unsplit = set.count(data::Split::none);
  if (unsplit != 0 && unsplit != set.size()) {
    throw Error(set.source + ": has images without a split beside others (" +
                set.describe_splits() +
                "); a folder or CSV holds either kind: export the sets one by one");
  }
}

fs::path picture_path(const data::FaceSet& set, std::int64_t row) {
  const auto split = static_cast<data::Split>(set.splits.const_data_ptr<std::uint8_t>()[row]);
  const auto label = static_cast<std::size_t>(set.labels.const_data_ptr<std::int64_t>()[row]);
  const fs::path folder = split == data::Split::none ? "" : data::split_name(split);
  std::string number = std::to_string(row);
  if (number.size() < 6) number.insert(0, 6 - number.size(), '0');
  return folder / as_file_name(set.label_set.name(label)) / (number + ".png");
}

std::int64_t write_pictures(const data::FaceSet& set, const fs::path& output, int threads,
                            Console& console) {
  const WorkProgress work = export_progress();
  std::int64_t done = 0;
  while (done < set.size() && !console.stop_requested()) {
    const std::int64_t count = std::min(kExportBatch, set.size() - done);
    const at::Tensor images = set.images.block(done, count);
    const FacesView faces = tensors::faces_of(images.contiguous());
    parallel_for(count, threads, [&](std::int64_t i) {
      const std::int64_t row = done + i;
      report::write_face_png(output / picture_path(set, row), faces[static_cast<std::size_t>(i)]);
    });
    done += count;
    console.progress(work.at(done, set.size()));
  }
  console.progress_done();
  return done;
}

}  // namespace fer::commands
