#include "fer/commands/common_options.h"

#include <ATen/Parallel.h>
#include <malloc.h>

#include "fer/core/processor.h"

#if FER_WITH_VISION
#include "fer/image/opencv_library.h"
#endif

namespace fer::commands {

std::span<const std::string_view> choice_names(LogLevel) {
  static constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
  return kNames;
}

void CommonOptions::visit(OptionVisitor& visitor) {
  visitor.group("General");
  visitor.field(
      Field("device", "Where to compute: auto (on a GPU if there is one), cpu, cuda or cuda:N")
          .shown_as("DEVICE"),
      device);
  visitor.field(
      Field("threads", "CPU threads; 0 uses every core that the process may run on").range(0, 1024),
      threads);
  visitor.field(Field("seed",
                      "Seed of all randomness: the same seed gives the same result on the same "
                      "machine")
                    .fixed_on_resume()
                    .range(0, 9e15),
                seed);
  visitor.field(
      Field("log_level", "Show messages of this level and above on stderr").not_recorded(),
      log_level);
  visitor.field(
      Field("quiet", "Show only warnings and errors on stderr, and no progress").not_recorded(),
      quiet);
}

int CommonOptions::thread_count() const {
  return threads > 0 ? static_cast<int>(threads) : usable_cores();
}

void set_up_process(const CommonOptions& options) {
  constexpr int kNeverMap = 1 << 30;  // the largest threshold glibc takes
  mallopt(M_MMAP_THRESHOLD, kNeverMap);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 64 << 20);
  at::set_num_threads(options.thread_count());
#if FER_WITH_VISION
  image::set_opencv_threads(options.thread_count());
#endif
}

}  // namespace fer::commands
