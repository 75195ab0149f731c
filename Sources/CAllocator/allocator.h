// The allocator of the GNU C library, which the system module leaves out.
#include <malloc.h>
