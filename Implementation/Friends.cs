using System.Runtime.CompilerServices;

// The tests also damage what a kernel keeps, to see that its audit notices.
[assembly: InternalsVisibleTo("PageProof.Tests")]
