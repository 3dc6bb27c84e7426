/** Other systems, as they are run and asked when Tenure is measured beside them. Nothing of the product knows this package. */
package io.tenure.peers;
